import { randomUUID } from 'node:crypto'
import { Mutex } from '../core/mutex.ts'
import { badRequest, nameTaken, notFound, snapshotGone, stopped } from './errors.ts'
import type { Disk } from './disk.ts'
import type { Running } from './running.ts'
import type { SandboxRecord, SessionRecord, SnapshotRecord, Status } from './records.ts'
import type { Store } from './store.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const SNAPSHOT_DAYS = 30
/** The longest that a sandbox may run: https://vercel.com/docs/vercel-sandbox/pricing */
const MAX_TIMEOUT_MS = 5 * 60 * 60 * 1000
const SWEEP_MS = 1_000

const newId = (prefix: string) => `${prefix}_${randomUUID().replaceAll('-', '')}`

export type NewSandbox = Pick<SandboxRecord, 'name' | 'persistent' | 'runtime' | 'timeout' | 'vcpus' | 'memory' | 'networkPolicy' | 'env'>
  & Partial<Pick<SandboxRecord, 'tags' | 'snapshotExpiration'>> & { snapshotId?: string }

/** The life of sandboxes: create, resume, stop, snapshot, expire. */
export class Sandboxes {
  readonly #store: Store
  readonly #disk: Disk
  readonly #running: Running
  /** One change of a sandbox at a time. */
  readonly #changes = new Mutex()
  readonly #sweeper: NodeJS.Timeout

  constructor(store: Store, disk: Disk, running: Running) {
    this.#store = store
    this.#disk = disk
    this.#running = running
    const sweep = () => this.sweep().catch((error: unknown) => console.error('emulator: a sweep failed:', error))
    this.#sweeper = setInterval(() => void sweep(), SWEEP_MS)
    this.#sweeper.unref()
  }

  create({ snapshotId, ...wanted }: NewSandbox): Promise<SessionRecord> {
    checkTimeout(wanted.timeout)
    return this.#changes.run(wanted.name, async () => {
      if (this.#store.sandboxes.get(wanted.name)) throw nameTaken(wanted.name)
      if (snapshotId !== undefined) this.snapshot(snapshotId)
      const now = Date.now()
      const sandbox = { ...wanted, currentSessionId: '', createdAt: now, updatedAt: now }
      return this.#begin(sandbox, snapshotId)
    })
  }

  /** Starts a stopped sandbox again, with the files of its own last snapshot. @returns its session, and whether it was started */
  async resume(name: string): Promise<{ session: SessionRecord, resumed: boolean }> {
    return this.#changes.run(name, async () => {
      const sandbox = this.#store.sandbox(name)
      const session = this.#store.session(sandbox.currentSessionId)
      if (session.status === 'running') return { session, resumed: false }
      if (sandbox.currentSnapshotId !== undefined) this.snapshot(sandbox.currentSnapshotId)
      return { session: await this.#begin(sandbox, sandbox.currentSnapshotId), resumed: true }
    })
  }

  /** The session, if it runs. @throws HttpError 410 otherwise */
  running(sessionId: string): SessionRecord {
    const session = this.#store.session(sessionId)
    if (session.status !== 'running' || isOver(session)) throw stopped(session.sandbox)
    return session
  }

  /** Stops a session. The files of a persistent sandbox are kept for the next one. */
  stop(sessionId: string, status: Status = 'stopped'): Promise<{ session: SessionRecord, snapshot?: SnapshotRecord }> {
    const { sandbox: name } = this.#store.session(sessionId)
    return this.#changes.run(name, async () => {
      const session = this.#store.session(sessionId)
      if (session.status !== 'running') return { session }
      const ended = await this.#end(session, status)
      const sandbox = this.#store.sandboxes.get(name)
      if (sandbox?.persistent) return { session: ended, snapshot: await this.#keep(sandbox, ended, sandbox.snapshotExpiration) }
      await this.#disk.removeSession(sessionId)
      return { session: ended }
    })
  }

  /** Stops a session and makes its files a snapshot. @param expiration ms from now; 0: never */
  takeSnapshot(sessionId: string, expiration: number | undefined): Promise<{ session: SessionRecord, snapshot: SnapshotRecord }> {
    const { sandbox: name } = this.#store.session(sessionId)
    return this.#changes.run(name, async () => {
      const ended = await this.#end(this.running(sessionId), 'stopped')
      const sandbox = this.#store.sandbox(name)
      return { session: ended, snapshot: await this.#keep(sandbox, ended, expiration) }
    })
  }

  /** @throws HttpError 404 for an unknown snapshot, 410 for one that is gone */
  snapshot(id: string): SnapshotRecord {
    const snapshot = this.#store.snapshots.get(id)
    if (snapshot === undefined) throw notFound(`The snapshot ${id}`)
    if (snapshot.status === 'deleted' || hasExpired(snapshot)) throw snapshotGone(id)
    return snapshot
  }

  /** Snapshots that exist, newest first. */
  snapshots(name: string | undefined): SnapshotRecord[] {
    return this.#store.snapshots
      .list(snapshot => snapshot.status === 'created' && !hasExpired(snapshot) && (name === undefined || snapshot.sandbox === name))
      .sort((a, b) => b.createdAt - a.createdAt)
  }

  async deleteSnapshot(id: string): Promise<SnapshotRecord> {
    const snapshot = this.#store.snapshots.set(id, { ...this.snapshot(id), status: 'deleted', updatedAt: Date.now() })
    await this.#disk.removeSnapshot(id)
    return snapshot
  }

  async delete(name: string): Promise<SandboxRecord> {
    const sandbox = this.#store.sandbox(name)
    await this.stop(sandbox.currentSessionId)
    this.#store.sandboxes.delete(name)
    return sandbox
  }

  extend(sessionId: string, durationMs: number): SessionRecord {
    const session = this.running(sessionId)
    checkTimeout(session.timeout + durationMs)
    return this.#store.changeSession(session, { timeout: session.timeout + durationMs })
  }

  /** Stops sessions whose time is over, and removes the files of snapshots that have expired. */
  async sweep(): Promise<void> {
    for (const session of this.#store.sessions.list(({ status }) => status === 'running'))
      if (isOver(session)) await this.stop(session.id)
    for (const snapshot of this.#store.snapshots.list(({ status }) => status === 'created')) {
      if (!hasExpired(snapshot)) continue
      this.#store.snapshots.set(snapshot.id, { ...snapshot, status: 'deleted' })
      await this.#disk.removeSnapshot(snapshot.id)
    }
  }

  async reset(): Promise<void> {
    await this.#running.stopAll()
    this.#store.clear()
    await this.#disk.clear()
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    await this.#running.stopAll()
  }

  async #begin(sandbox: SandboxRecord, snapshotId: string | undefined): Promise<SessionRecord> {
    const id = newId('sbx')
    const now = Date.now()
    await this.#disk.create(id, snapshotId)
    const { name, runtime, timeout, vcpus, memory, networkPolicy } = sandbox
    const session: SessionRecord = {
      id, sandbox: name, status: 'running', runtime, timeout, vcpus, memory, networkPolicy, createdAt: now, updatedAt: now,
      ...(snapshotId !== undefined && { sourceSnapshotId: snapshotId }),
    }
    this.#store.sessions.set(id, session)
    this.#store.changeSandbox(sandbox, { currentSessionId: id })
    // So that the first command need not wait for the start; its own request tells when that failed.
    this.#running.machine(session).catch(() => undefined)
    return session
  }

  async #end(session: SessionRecord, status: Status): Promise<SessionRecord> {
    // First the record: a command that comes now is refused.
    const ended = this.#store.changeSession(session, { status, stoppedAt: Date.now() })
    await this.#running.stop(session.id)
    return ended
  }

  async #keep(sandbox: SandboxRecord, session: SessionRecord, expiration = SNAPSHOT_DAYS * DAY_MS): Promise<SnapshotRecord> {
    const id = newId('snap')
    const sizeBytes = await this.#running.sizeOf(session.id)
    await this.#disk.keep(session.id, id)
    const now = Date.now()
    const snapshot: SnapshotRecord = {
      id, sandbox: sandbox.name, sourceSessionId: session.id, status: 'created', sizeBytes, createdAt: now, updatedAt: now,
      ...(expiration > 0 && { expiresAt: now + expiration }),
    }
    this.#store.snapshots.set(id, snapshot)
    this.#store.changeSession(session, { snapshottedAt: now })
    this.#store.changeSandbox(sandbox, { currentSnapshotId: id })
    return snapshot
  }
}

const isOver = (session: SessionRecord) => session.createdAt + session.timeout <= Date.now()
const hasExpired = ({ expiresAt }: SnapshotRecord) => expiresAt !== undefined && expiresAt <= Date.now()

function checkTimeout(timeout: number): void {
  if (timeout < 1_000 || timeout > MAX_TIMEOUT_MS) throw badRequest(`The timeout must be from 1000 to ${MAX_TIMEOUT_MS} ms.`)
}
