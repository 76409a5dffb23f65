import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Opens the state file of an emulator and applies its schema (`CREATE … IF NOT EXISTS`).
 *
 * WAL with synchronous=NORMAL: a commit is in the kernel when the call returns, so it outlives SIGKILL of
 * the process. Only a power cut could lose it, which an emulator may.
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON')
  database.exec(schema)
  return database
}

/** Runs `work` as one transaction: all of it is on disk, or nothing. Does not nest. */
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
