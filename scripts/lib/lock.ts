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
 * Takes a lock that the system frees by itself when this process dies, however it dies:
 * SQLite's lock on a file, because Node has none of its own.
 * @param patienceMs how long to wait for another holder
 * @returns the release, or nothing while somebody else holds it
 */
export async function takeLock(path: string, patienceMs = 0): Promise<(() => void) | undefined> {
  mkdirSync(dirname(path), { recursive: true })
  for (const deadline = Date.now() + patienceMs; ;) {
    const held = tryLock(path)
    if (held) return () => held.close()
    if (Date.now() >= deadline) return undefined
    await wait(50)
  }
}
