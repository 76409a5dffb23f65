import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Collection } from '../core/collection.ts'
import { notFound } from './errors.ts'
import type { SandboxRecord, SessionRecord, Settings, SnapshotRecord } from './records.ts'

/** The body of `PUT /__emulator/settings`. All fields are optional. */
const settingsSchema = z.strictObject({
  /** What each sandbox may use from now on. */
  limits: z.strictObject({
    memoryBytes: z.int().positive().optional(),
    processes: z.int().positive().optional(),
    diskBytes: z.int().positive().optional(),
  }).optional(),
})

const GIGABYTE = 1024 ** 3
const DEFAULT_LIMITS = { memoryBytes: 2 * GIGABYTE, processes: 512, diskBytes: 2 * GIGABYTE }

/** Sandboxes, their sessions and snapshots. */
export class Store {
  readonly sandboxes: Collection<SandboxRecord>
  readonly sessions: Collection<SessionRecord>
  readonly snapshots: Collection<SnapshotRecord>
  readonly #settings: Collection<Settings>

  constructor(database: DatabaseSync) {
    this.sandboxes = new Collection(database, 'sandbox')
    this.sessions = new Collection(database, 'session')
    this.snapshots = new Collection(database, 'snapshot')
    this.#settings = new Collection(database, 'settings')
  }

  get settings(): Settings {
    return this.#settings.get('all') ?? { limits: DEFAULT_LIMITS }
  }

  /** Applies `PUT /__emulator/settings`. */
  apply(body: unknown): Settings {
    const { limits } = settingsSchema.parse(body)
    return this.#settings.set('all', { limits: { ...this.settings.limits, ...limits } })
  }

  clear(): void {
    for (const collection of [this.sandboxes, this.sessions, this.snapshots, this.#settings]) collection.clear()
  }

  /** @throws HttpError 404 */
  sandbox(name: string): SandboxRecord {
    const sandbox = this.sandboxes.get(name)
    if (sandbox === undefined) throw notFound(`The sandbox ${name}`)
    return sandbox
  }

  /** @throws HttpError 404 */
  session(id: string): SessionRecord {
    const session = this.sessions.get(id)
    if (session === undefined) throw notFound(`The session ${id}`)
    return session
  }

  changeSession(session: SessionRecord, change: Partial<SessionRecord>): SessionRecord {
    return this.sessions.set(session.id, { ...session, ...change, updatedAt: Date.now() })
  }

  changeSandbox(sandbox: SandboxRecord, change: Partial<SandboxRecord>): SandboxRecord {
    return this.sandboxes.set(sandbox.name, { ...sandbox, ...change, updatedAt: Date.now() })
  }
}
