import type { Sandbox as SdkSandbox } from '@vercel/sandbox'
import { ProviderError } from '../errors'
import { calling, connection, sdk } from './client'
import { type CommandPlan, type CommandResult, runToEnd } from './command'

export interface NewSandbox {
  /** It is the same for every attempt, so that a lost answer leaves one sandbox. */
  name: string
  /** Its files at the start; absent: none. */
  snapshotId?: string
  /** It stops by itself after so many milliseconds. */
  timeoutMs: number
  /** The hosts that it may connect to; none: it has no network. */
  allowedHosts: string[]
  /** By which a sweep finds it. */
  tags: Record<string, string>
}

/** A sandbox of the project, as a list has it. */
export interface ListedSandbox { name: string, isRunning: boolean, createdAt: Date, tags: Record<string, string> }

/**
 * A running sandbox. Between steps only its name travels: `openSandbox` finds it again.
 * Its calls never start a stopped sandbox again, which would have lost its files: they fail with SANDBOX_STOPPED.
 */
export class Sandbox {
  readonly #sandbox: SdkSandbox

  constructor(sandbox: SdkSandbox) {
    this.#sandbox = sandbox
  }

  get name(): string {
    return this.#sandbox.name
  }

  /** Runs one program to its end. */
  run(plan: CommandPlan): Promise<CommandResult> {
    return runToEnd(this.#sandbox.currentSession(), plan)
  }

  /** Writes files, with the folders that they are in. */
  async writeFiles(files: { path: string, content: string | Uint8Array }[]): Promise<void> {
    await calling('files', () => this.#sandbox.currentSession().writeFiles(files))
  }

  /** Reads a file; null when there is none. */
  async readFile(path: string): Promise<Buffer | null> {
    return calling('a file', () => this.#sandbox.currentSession().readFileToBuffer({ path }))
  }

  /** Keeps its files as a snapshot, which stops it. @param expiresInMs 0: never @returns the id */
  async snapshot(expiresInMs: number): Promise<string> {
    const { snapshotId } = await calling('a snapshot', () => this.#sandbox.currentSession().snapshot({ expiration: expiresInMs }))
    return snapshotId
  }

  /** Ends everything in it, and removes its files. */
  async stop(): Promise<void> {
    await calling(this.name, () => this.#sandbox.currentSession().stop())
  }
}

/**
 * Creates a sandbox, or finds the one that an earlier attempt created and that still runs.
 * It exposes no port, and keeps nothing after its end.
 */
export async function createSandbox(wanted: NewSandbox): Promise<Sandbox> {
  try {
    return await create(wanted)
  }
  catch (error) {
    if (!(error instanceof ProviderError && error.code === 'ALREADY_EXISTS')) throw error
  }
  const found = await find(wanted.name)
  if (found.status === 'running') return new Sandbox(found)
  await calling(wanted.name, () => found.delete())
  return create(wanted)
}

/**
 * Finds a running sandbox by its name.
 * @throws ProviderError PARENT_NOT_FOUND when there is none; the first call of a stopped one throws SANDBOX_STOPPED
 */
export const openSandbox = async (name: string): Promise<Sandbox> => new Sandbox(await find(name))

/** The sandboxes of the project whose names begin so, to stop those that nobody needs any more. */
export async function listSandboxes(namePrefix: string): Promise<ListedSandbox[]> {
  const { Sandbox } = await sdk()
  const all = await calling('sandboxes', async () => (await Sandbox.list({ ...connection(), namePrefix })).toArray())
  return all.map(({ name, status, createdAt, tags = {} }) =>
    ({ name, isRunning: status === 'running', createdAt: new Date(createdAt), tags }))
}

async function create({ name, snapshotId, timeoutMs, allowedHosts, tags }: NewSandbox): Promise<Sandbox> {
  const { Sandbox: Sdk } = await sdk()
  const options = {
    ...connection(),
    name,
    timeout: timeoutMs,
    networkPolicy: allowedHosts.length > 0 ? { allow: allowedHosts } : 'deny-all' as const,
    tags,
    ports: [],
    persistent: false,
  }
  const sandbox = await calling(name, () => snapshotId === undefined
    ? Sdk.create(options)
    : Sdk.create({ ...options, source: { type: 'snapshot', snapshotId } }))
  return new Sandbox(sandbox)
}

async function find(name: string): Promise<SdkSandbox> {
  const { Sandbox: Sdk } = await sdk()
  return calling(name, () => Sdk.get({ ...connection(), name, resume: false }))
}
