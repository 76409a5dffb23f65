import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DISCORD_PORT, emulatorNames, FIGMA_PORT, GITHUB_PORT, HUGGINGFACE_PORT, KV_PORT, SANDBOX_PORT } from '../../emulators/defaults.ts'
import type { EmulatorName } from '../../emulators/defaults.ts'
import { freePort, waitUntilFree } from './ports.ts'
import { startNode, supervise } from './processes.ts'
import type { Supervised } from './processes.ts'
import { fromRoot } from './root.ts'
import { withoutSecrets } from './without-secrets.ts'

/** The emulators of a killed launcher may hold their ports for a moment. */
const PORT_TIMEOUT_MS = 5_000

export interface Address { url: string, apiUrl: string, token?: string }
export type EmulatorPorts = Record<EmulatorName, number>
export type EmulatorAddresses = Record<EmulatorName, Address>
export interface EmulatorsChild extends Supervised { addresses: Promise<EmulatorAddresses> }

const DEFAULT_PORTS: EmulatorPorts = {
  github: GITHUB_PORT,
  discord: DISCORD_PORT,
  huggingface: HUGGINGFACE_PORT,
  figma: FIGMA_PORT,
  kv: KV_PORT,
  sandbox: SANDBOX_PORT,
}

/**
 * The ports of the emulators. The first start chooses them, and later starts reuse them, so that links stay valid.
 * A port that another program uses is replaced for this start only. A new emulator gets its port at its first start.
 */
export async function choosePorts(
  dataDir: string,
  log: (line: string) => void,
  timeoutMs = PORT_TIMEOUT_MS,
): Promise<EmulatorPorts> {
  const file = join(dataDir, 'ports.json')
  const kept: Partial<EmulatorPorts> = await readFile(file, 'utf8')
    .then(text => JSON.parse(text) as Partial<EmulatorPorts>, () => ({}))
  const ports: Partial<EmulatorPorts> = {}
  for (const name of emulatorNames) {
    const wanted = kept[name]
    if (wanted === undefined) kept[name] = ports[name] = await unusedPort(DEFAULT_PORTS[name], Object.values({ ...kept, ...ports }))
    else if (await waitUntilFree(wanted, timeoutMs)) ports[name] = wanted
    else {
      ports[name] = await freePort()
      log(`Another program uses port ${wanted} of the ${name} emulator. This start uses ${ports[name]}; older links do not work.`)
    }
  }
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${JSON.stringify(kept)}\n`)
  return ports as EmulatorPorts
}

/** The wanted port or any other one that is free and not assigned to another emulator. */
async function unusedPort(wanted: number, assigned: number[]): Promise<number> {
  for (let port = assigned.includes(wanted) ? await freePort() : await freePort(wanted); ; port = await freePort())
    if (!assigned.includes(port)) return port
}

/** Starts the emulators in a supervised child process. */
export function startEmulatorsChild(
  dataDir: string,
  ports: EmulatorPorts,
  log: (line: string) => void,
  output?: number,
): EmulatorsChild {
  const addresses = Promise.withResolvers<EmulatorAddresses>()
  addresses.promise.catch(() => {})
  const child = supervise({
    name: 'The emulators',
    restartNote: 'their state is kept',
    start: () => startNode(fromRoot('scripts', 'lib', 'emulators-child.ts'), {
      args: [dataDir, JSON.stringify(ports)],
      env: withoutSecrets(process.env),
      output,
    }),
    whenReady: async (process, signal) => {
      const [message] = await once(process, 'message', { signal })
      addresses.resolve(message)
    },
  }, log)
  child.ended.catch(addresses.reject)
  return { ...child, addresses: addresses.promise }
}
