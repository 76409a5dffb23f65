import type { DatabaseSync, StatementSync } from 'node:sqlite'

export const THINGS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS things (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
`

/** Records of one kind: read from memory, written to disk before the call returns. */
export class Collection<T extends object> {
  readonly #kind: string
  readonly #records = new Map<string, T>()
  readonly #write: StatementSync
  readonly #erase: StatementSync

  constructor(database: DatabaseSync, kind: string) {
    this.#kind = kind
    this.#write = database.prepare('INSERT INTO things (kind, id, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body')
    this.#erase = database.prepare('DELETE FROM things WHERE kind = ? AND id = ?')
    for (const row of database.prepare('SELECT id, body FROM things WHERE kind = ? ORDER BY length(id), id').all(kind)) {
      this.#records.set(String(row.id), JSON.parse(String(row.body)) as T)
    }
  }

  get(id: string): T | undefined {
    return this.#records.get(id)
  }

  /** All records that fit, shorter ids first and then in their order: oldest first where ids grow with time. */
  list(fits: (record: T) => boolean = () => true): T[] {
    return [...this.#records.values()].filter(fits)
  }

  /** Adds or replaces a record. */
  set(id: string, record: T): T {
    this.#write.run(this.#kind, id, JSON.stringify(record))
    this.#records.set(id, record)
    return record
  }

  delete(id: string): void {
    this.#erase.run(this.#kind, id)
    this.#records.delete(id)
  }

  clear(): void {
    for (const id of [...this.#records.keys()]) this.delete(id)
  }
}
