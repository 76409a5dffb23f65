import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DISCORD_PORT, GITHUB_PORT } from '../../emulators/defaults.ts'
import { becomesFree, freePort } from './ports.ts'
import { startNode, supervise } from './processes.ts'
import type { Supervised } from './processes.ts'
import { fromRoot } from './root.ts'
import { withoutSecrets } from './without-secrets.ts'

/** How long the emulators of a killed launcher may hold their ports. */
const PATIENCE_MS = 5_000

export interface Address { url: string, apiUrl: string }
export interface EmulatorPorts { github: number, discord: number }
export interface EmulatorsChild extends Supervised { addresses: Promise<{ github: Address, discord: Address }> }

/**
 * The ports of the emulators: chosen at the first start and kept, so that links to what was made
 * stay true. One that is taken by then is replaced for this start only.
 */
export async function choosePorts(dataDir: string, say: (line: string) => void, patienceMs = PATIENCE_MS): Promise<EmulatorPorts> {
  const file = join(dataDir, 'ports.json')
  const kept = await readFile(file, 'utf8').then(text => JSON.parse(text) as EmulatorPorts, () => undefined)
  if (!kept) {
    const github = await freePort(GITHUB_PORT)
    const chosen = { github, discord: await freePort(DISCORD_PORT) }
    await mkdir(dataDir, { recursive: true })
    await writeFile(file, `${JSON.stringify(chosen)}\n`)
    return chosen
  }
  const ports = { ...kept }
  for (const name of ['github', 'discord'] as const) {
    if (await becomesFree(kept[name], patienceMs)) continue
    ports[name] = await freePort()
    say(`Port ${kept[name]} of the ${name} emulator is taken, this start uses ${ports[name]}; links made before lead to the old one.`)
  }
  return ports
}

/** Starts the emulators in a supervised process of their own. */
export function startEmulatorsChild(dataDir: string, ports: EmulatorPorts, say: (line: string) => void, output?: number): EmulatorsChild {
  const addresses = Promise.withResolvers<{ github: Address, discord: Address }>()
  addresses.promise.catch(() => {})
  const child = supervise({
    name: 'The emulators',
    comfort: 'what they made is kept',
    start: () => startNode(fromRoot('scripts', 'lib', 'emulators-child.ts'), {
      args: [dataDir, String(ports.github), String(ports.discord)], env: withoutSecrets(process.env), output,
    }),
    whenReady: async (process, signal) => {
      const [message] = await once(process, 'message', { signal })
      addresses.resolve(message)
    },
  }, say)
  child.ended.catch(addresses.reject)
  return { ...child, addresses: addresses.promise }
}
