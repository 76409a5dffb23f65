import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataDir } from './env'

/** `absent` where the server has no data folder: its database and its key are elsewhere. */
export type DataFolderState = 'writable' | 'full' | 'refused' | 'absent'

const FULL = ['ENOSPC', 'EDQUOT']
/** A file of no bytes would need no room. */
const PROBE = Buffer.alloc(4_096)

/** Writes a small file into the data folder, and removes it. */
export async function probeDataFolder(): Promise<DataFolderState> {
  const folder = dataDir()
  if (!await stat(folder).catch(() => undefined)) return 'absent'
  const file = join(folder, `write-probe-${process.pid}`)
  try {
    await writeFile(file, PROBE, { mode: 0o600 })
    return 'writable'
  }
  catch (error) {
    return FULL.includes((error as NodeJS.ErrnoException).code ?? '') ? 'full' : 'refused'
  }
  finally {
    await rm(file, { force: true }).catch(() => undefined)
  }
}
