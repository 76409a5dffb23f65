import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'

const SQLITE_BUSY = 5

function tryLock(path: string): DatabaseSync | undefined {
  const file = new DatabaseSync(path)
  try {
    file.exec('begin exclusive')
    return file
  }
  catch (error) {
    file.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

/**
 * Acquires a lock between processes. The operating system releases it when this process dies. It is SQLite's file
 * lock, because Node has none.
 * @param timeoutMs how long to wait for another holder
 * @returns the release, or undefined if another process holds the lock
 */
export async function acquireLock(path: string, timeoutMs = 0): Promise<(() => void) | undefined> {
  mkdirSync(dirname(path), { recursive: true })
  for (const deadline = Date.now() + timeoutMs; ;) {
    const held = tryLock(path)
    if (held) return () => held.close()
    if (Date.now() >= deadline) return undefined
    await wait(50)
  }
}
