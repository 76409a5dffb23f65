import { Sandbox, Snapshot } from '@vercel/sandbox'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Control, createControl } from '../../../../emulators/control-client.ts'
import type { Emulator } from '../../../../emulators/core/types.ts'
import { type SandboxOptions, type SandboxState, start } from '../../../../emulators/sandbox/index.ts'
import { temporaryFolder } from '../support/emulators.ts'

type Creation = NonNullable<Parameters<typeof Sandbox.create>[0]>

/** An emulator, and the published client pointed at it. */
export interface Client {
  emulator: Emulator
  control: Control
  credentials: { token: string, teamId: string, projectId: string, fetch: typeof fetch }
  folder: string
  create(options?: Partial<Creation>): Promise<Sandbox>
  restart(): Promise<void>
  state(): Promise<SandboxState>
}

/** An emulator for all tests of a file, reset before each. */
export function useSandboxes(options: Omit<SandboxOptions, 'dataDir'> = {}): Client {
  const folder = temporaryFolder()
  const client = {} as Client
  const begin = async () => {
    const emulator = await start({ ...options, dataDir: folder.path })
    // The client knows one address only. This is the way that it offers to use another.
    const fetchFromEmulator = (url: string, init?: RequestInit) => fetch(url.replace('https://vercel.com/api', emulator.apiUrl), init)
    const credentials = { token: emulator.token!, teamId: 'team', projectId: 'project', fetch: fetchFromEmulator as typeof fetch }
    Object.assign(client, {
      emulator,
      credentials,
      folder: folder.path,
      control: createControl(emulator.url, emulator.token),
      create: (wanted: Partial<Creation> = {}) =>
        Sandbox.create({ persistent: false, networkPolicy: 'deny-all', ...wanted, ...credentials } as Creation),
    })
  }
  beforeAll(begin)
  beforeEach(() => client.control.reset())
  afterAll(() => client.emulator.close())
  return Object.assign(client, {
    restart: async () => {
      await client.emulator.close()
      await begin()
    },
    state: () => client.control.state<SandboxState>(),
  })
}

export { Sandbox, Snapshot }

/** What a command prints, and how it ends. */
export async function run(sandbox: Sandbox, cmd: string, args: string[] = [], more: { env?: Record<string, string>, cwd?: string } = {}) {
  const command = await sandbox.currentSession().runCommand({ cmd, args, ...more })
  return { exitCode: command.exitCode, stdout: await command.stdout(), stderr: await command.stderr() }
}

/** The same for a line of shell. */
export const shell = (sandbox: Sandbox, line: string, more?: { env?: Record<string, string> }) => run(sandbox, 'sh', ['-c', line], more)

/** The status of an API error of the client. */
export const statusOf = (promise: Promise<unknown>) =>
  promise.then(() => 200, (error: { response?: Response }) => error.response?.status ?? error)
