import type { DatabaseSync, StatementSync } from 'node:sqlite'

const RECORDS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
`

/** Creates the table of all collections. Data folders of earlier versions name it `things`. */
export function createRecordsTable(database: DatabaseSync): void {
  const old = database.prepare('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?').get('table', 'things')
  if (old) database.exec('ALTER TABLE things RENAME TO records')
  database.exec(RECORDS_SCHEMA)
}

/** Records of one kind. Reads come from memory; a write is on disk before the call returns. */
export class Collection<T extends object> {
  readonly #kind: string
  readonly #records = new Map<string, T>()
  readonly #upsert: StatementSync
  readonly #delete: StatementSync

  constructor(database: DatabaseSync, kind: string) {
    this.#kind = kind
    this.#upsert = database.prepare(`INSERT INTO records (kind, id, body) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET body = excluded.body`)
    this.#delete = database.prepare('DELETE FROM records WHERE kind = ? AND id = ?')
    for (const row of database.prepare('SELECT id, body FROM records WHERE kind = ? ORDER BY length(id), id').all(kind)) {
      this.#records.set(String(row.id), JSON.parse(String(row.body)) as T)
    }
  }

  get(id: string): T | undefined {
    return this.#records.get(id)
  }

  /** All records that match, sorted by the length of the id, then by the id: oldest first where ids grow with time. */
  list(matches: (record: T) => boolean = () => true): T[] {
    return [...this.#records.values()].filter(matches)
  }

  ids(): string[] {
    return [...this.#records.keys()]
  }

  /** Adds or replaces a record. */
  set(id: string, record: T): T {
    this.#upsert.run(this.#kind, id, JSON.stringify(record))
    this.#records.set(id, record)
    return record
  }

  delete(id: string): void {
    this.#delete.run(this.#kind, id)
    this.#records.delete(id)
  }

  clear(): void {
    for (const id of this.ids()) this.delete(id)
  }
}
