import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Opens the state file of an emulator and applies its schema (`CREATE … IF NOT EXISTS`).
 *
 * WAL with synchronous=NORMAL: a commit is in the kernel when the call returns, so it survives SIGKILL of
 * the process. A power cut may lose it, which is acceptable for an emulator.
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON')
  database.exec(schema)
  return database
}

/** Runs `work` as one transaction. Transactions do not nest. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  }
  catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
