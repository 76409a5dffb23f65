import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROXY_PORT } from './agent/bridge.ts'
import { Command, Commands, type Plan } from './commands.ts'
import { isBubblewrapUsable, PATH_INSIDE } from './bubblewrap.ts'
import type { Disk } from './disk.ts'
import { type Egress, startEgress } from './egress.ts'
import { Machine } from './machine.ts'
import type { SandboxRecord, SessionRecord } from './records.ts'
import type { Store } from './store.ts'
import { sizeOf, usageOf } from './usage.ts'

interface Part { machine: Machine, egress: Egress, commands: Commands }

const USAGE_MS = 500
/** Every so many looks at the processes there is one at the disk, which takes longer. */
const LOOKS_FOR_DISK = 4
const PROXY = `http://127.0.0.1:${PROXY_PORT}`

export interface RunningOptions {
  store: Store
  disk: Disk
  isIsolated: boolean
  /** A folder for sockets, whose paths must be short. */
  sockets: string
  reachable: () => string[]
  /** Called for a session that uses more than it may. */
  onExcess: (session: string) => Promise<unknown>
}

/** What runs of each session: its agent, its proxy and its commands. A session gets them at its first request. */
export class Running {
  readonly isIsolated: boolean
  readonly #options: RunningOptions
  readonly #parts = new Map<string, Promise<Part>>()
  readonly #watch: NodeJS.Timeout
  #looks = 0

  constructor(options: RunningOptions) {
    this.#options = options
    this.isIsolated = options.isIsolated
    this.#watch = setInterval(() => void this.#look().catch(() => undefined), USAGE_MS)
    this.#watch.unref()
  }

  /** The agent of a session, started now when none runs. */
  async machine(session: SessionRecord): Promise<Machine> {
    return (await this.#part(session)).machine
  }

  async command(session: SessionRecord, id: string): Promise<Command> {
    return (await this.#part(session)).commands.get(id)
  }

  /**
   * Runs a command. Its environment is what the sandbox and the call give it, a `PATH`, and the address of the proxy where the
   * sandbox has a network at all.
   */
  async start(session: SessionRecord, sandbox: SandboxRecord | undefined, plan: Plan): Promise<Command> {
    const { machine, commands } = await this.#part(session)
    const hasNetwork = this.isIsolated && session.networkPolicy.mode !== 'deny-all'
    const env = {
      PATH: this.isIsolated ? PATH_INSIDE : PATH_OUTSIDE,
      ...(hasNetwork && { http_proxy: PROXY, https_proxy: PROXY, HTTPS_PROXY: PROXY, NODE_USE_ENV_PROXY: '1' }),
      ...sandbox?.env,
      ...plan.env,
    }
    return commands.add(new Command(machine, session.id, { ...plan, env }))
  }

  /** Ends everything that runs in a session. */
  async stop(session: string): Promise<void> {
    const part = await this.#parts.get(session)?.catch(() => undefined)
    this.#parts.delete(session)
    await part?.machine.stop()
    part?.egress.close()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#parts.keys()].map(session => this.stop(session)))
  }

  async close(): Promise<void> {
    clearInterval(this.#watch)
    await this.stopAll()
    await rm(this.#options.sockets, { recursive: true, force: true })
  }

  sizeOf = (session: string): Promise<number> => sizeOf(this.#options.disk.sessionFolder(session))

  #part(session: SessionRecord): Promise<Part> {
    const known = this.#parts.get(session.id)
    if (known) return known
    const starting = this.#begin(session)
    this.#parts.set(session.id, starting)
    starting.catch(() => this.#parts.delete(session.id))
    return starting
  }

  async #begin(session: SessionRecord): Promise<Part> {
    const { store, disk, sockets, reachable } = this.#options
    const socket = join(sockets, `${session.id.slice(-16)}.sock`)
    const egress = await startEgress(socket, { policy: () => store.session(session.id).networkPolicy, reachable })
    const machine = new Machine({ root: disk.sessionFolder(session.id), egress: socket }, this.isIsolated)
    if (await machine.started()) return { machine, egress, commands: new Commands() }
    egress.close()
    throw new Error(`The sandbox ${session.sandbox} could not start.`)
  }

  /** Ends sessions that use too much. */
  async #look(): Promise<void> {
    if (this.#parts.size === 0) return
    const parts = await Promise.all([...this.#parts].map(async ([id, part]) => ({ id, part: await part.catch(() => undefined) })))
    const { memoryBytes, processes, diskBytes } = this.#options.store.settings.limits
    const usage = await usageOf(parts.map(({ part }) => part?.machine.pid).filter(pid => pid !== undefined))
    const looksAtDisk = this.#looks++ % LOOKS_FOR_DISK === 0
    for (const { id, part } of parts) {
      const used = usage.get(part?.machine.pid ?? 0)
      const isFull = looksAtDisk && part?.commands.areRunning && await this.sizeOf(id) > diskBytes
      if (isFull || (used && (used.memoryBytes > memoryBytes || used.processes > processes))) await this.#options.onExcess(id)
    }
  }
}

const PATH_OUTSIDE = [process.execPath.slice(0, process.execPath.lastIndexOf('/')), '/usr/local/bin', '/usr/bin', '/bin'].join(':')

/** The path of a socket may have about a hundred characters, of which its name takes up to thirty. */
const LONGEST_FOLDER = 70

/** An empty folder for sockets: in the data folder, or in that for temporary files when its path is too long. */
export async function makeSockets(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'sockets')
  if (folder.length > LONGEST_FOLDER) return mkdtemp(join(tmpdir(), 'sandbox-'))
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Whether sandboxes can be isolated here, tried with one. */
export async function probe(disk: Disk, sockets: string): Promise<boolean> {
  await disk.create(PROBE)
  const egress = await startEgress(join(sockets, 'probe.sock'), { policy: () => ({ mode: 'deny-all' }), reachable: () => [] })
  try {
    return await isBubblewrapUsable({ root: disk.sessionFolder(PROBE), egress: join(sockets, 'probe.sock') })
  }
  finally {
    egress.close()
    await disk.removeSession(PROBE)
  }
}

const PROBE = 'probe'
