import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** One API call and its answer. Calls are logged in the order in which their effects happened. */
export interface CallRecord {
  n: number
  /** ISO time at which the call took effect. */
  at: string
  /** operationId of the service's own OpenAPI description. */
  operation: string
  method: string
  path: string
  /** Name of the resource: a repository, role or channel name, or `owner/repo[#ref]`. */
  subject: string
  mutation: boolean
  /** Status of the answer; 0 for a call without an answer and without an effect. */
  status: number
  /** True when the handler ran and succeeded, whatever status the client got. */
  effect: boolean
  /** Id of the fault that was injected into this call, else null. */
  fault: string | null
}

export const CALLS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS calls (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, subject TEXT NOT NULL, mutation INTEGER NOT NULL, status INTEGER NOT NULL,
    effect INTEGER NOT NULL, fault TEXT
  );
`

/** The log drops older calls, so that a long-lived demo does not grow without bound. */
const MAX_CALLS = 200_000

/** The log of API calls, on disk. */
export class CallLog {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare(`INSERT INTO calls (at, operation, method, path, subject, mutation, status, effect, fault)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  }

  add(call: Omit<CallRecord, 'n' | 'at'>): void {
    const { lastInsertRowid } = this.#insert.run(new Date().toISOString(), call.operation, call.method, call.path,
      call.subject, Number(call.mutation), call.status, Number(call.effect), call.fault)
    const n = Number(lastInsertRowid)
    if (n % 1000 === 0) this.#database.prepare('DELETE FROM calls WHERE n <= ?').run(n - MAX_CALLS)
  }

  /** Calls with a number above `n`, oldest first. */
  since(n: number): CallRecord[] {
    const rows = this.#database.prepare('SELECT * FROM calls WHERE n > ? ORDER BY n').all(n)
    return rows.map(row => ({ ...row, mutation: row.mutation === 1, effect: row.effect === 1 }) as CallRecord)
  }

  /** Deletes all calls. The next call gets the next number. */
  clear(): void {
    this.#database.exec('DELETE FROM calls')
  }
}
