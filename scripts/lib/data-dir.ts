import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, LaunchError } from './errors.ts'

/** PostgreSQL and the emulators do not start with less. */
const NEEDED_BYTES = 1_000_000

/**
 * Makes the data folder, for its owner alone also where it exists already: it has the database and the owner's key.
 * @throws LaunchError when its disk is full or refuses to be written to
 */
export async function prepareDataDir(dataDir: string, log: (line: string) => void): Promise<void> {
  const probe = join(dataDir, `write-probe-${process.pid}`)
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(probe, Buffer.alloc(NEEDED_BYTES), { mode: 0o600, flush: true })
  }
  catch (error) {
    throw new LaunchError(describe(dataDir, error))
  }
  finally {
    await rm(probe, { force: true }).catch(() => undefined)
  }
  // Some file systems have no modes.
  await chmod(dataDir, 0o700).catch(() => log(`Others may be able to read ${dataDir}. Give it to the user who starts Atelier.`))
}

function describe(dataDir: string, error: unknown): string {
  const code = codeOf(error)
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  if (isFull) return `The disk of ${dataDir} is full. Free space on it, or set ATELIER_DATA_DIR to a folder on another disk.`
  return `Atelier cannot write into ${dataDir} (${code ?? 'unknown error'}). `
    + 'Let this user write into it, or set ATELIER_DATA_DIR to another folder.'
}
