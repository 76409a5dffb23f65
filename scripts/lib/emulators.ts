import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DISCORD_PORT, emulatorNames, FIGMA_PORT, GITHUB_PORT, HUGGINGFACE_PORT } from '../../emulators/defaults.ts'
import type { EmulatorName } from '../../emulators/defaults.ts'
import { becomesFree, freePort } from './ports.ts'
import { startNode, supervise } from './processes.ts'
import type { Supervised } from './processes.ts'
import { fromRoot } from './root.ts'
import { withoutSecrets } from './without-secrets.ts'

/** How long the emulators of a killed launcher may hold their ports. */
const PATIENCE_MS = 5_000

export interface Address { url: string, apiUrl: string }
export type EmulatorPorts = Record<EmulatorName, number>
export type EmulatorAddresses = Record<EmulatorName, Address>
export interface EmulatorsChild extends Supervised { addresses: Promise<EmulatorAddresses> }

const WANTED: EmulatorPorts = { github: GITHUB_PORT, discord: DISCORD_PORT, huggingface: HUGGINGFACE_PORT, figma: FIGMA_PORT }

/**
 * The ports of the emulators: chosen at the first start and kept, so that links to what was made
 * stay true. One that is taken by then is replaced for this start only; an emulator that was not there
 * at the first start gets its port at the next.
 */
export async function choosePorts(dataDir: string, say: (line: string) => void, patienceMs = PATIENCE_MS): Promise<EmulatorPorts> {
  const file = join(dataDir, 'ports.json')
  const kept: Partial<EmulatorPorts> = await readFile(file, 'utf8').then(text => JSON.parse(text) as Partial<EmulatorPorts>, () => ({}))
  const ports: Partial<EmulatorPorts> = {}
  for (const name of emulatorNames) {
    const wanted = kept[name]
    if (wanted === undefined) kept[name] = ports[name] = await freeOf(WANTED[name], Object.values({ ...kept, ...ports }))
    else if (await becomesFree(wanted, patienceMs)) ports[name] = wanted
    else {
      ports[name] = await freePort()
      say(`Port ${wanted} of the ${name} emulator is taken, this start uses ${ports[name]}; links made before lead to the old one.`)
    }
  }
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${JSON.stringify(kept)}\n`)
  return ports as EmulatorPorts
}

/** The wanted port, or any other one, that is free and not given to another emulator. */
async function freeOf(wanted: number, given: number[]): Promise<number> {
  for (let port = given.includes(wanted) ? await freePort() : await freePort(wanted); ; port = await freePort())
    if (!given.includes(port)) return port
}

/** Starts the emulators in a supervised process of their own. */
export function startEmulatorsChild(dataDir: string, ports: EmulatorPorts, say: (line: string) => void, output?: number): EmulatorsChild {
  const addresses = Promise.withResolvers<EmulatorAddresses>()
  addresses.promise.catch(() => {})
  const child = supervise({
    name: 'The emulators',
    comfort: 'what they made is kept',
    start: () => startNode(fromRoot('scripts', 'lib', 'emulators-child.ts'), {
      args: [dataDir, JSON.stringify(ports)], env: withoutSecrets(process.env), output,
    }),
    whenReady: async (process, signal) => {
      const [message] = await once(process, 'message', { signal })
      addresses.resolve(message)
    },
  }, say)
  child.ended.catch(addresses.reject)
  return { ...child, addresses: addresses.promise }
}
