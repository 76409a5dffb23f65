import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The part of node:fs that isomorphic-git uses. */
export interface GitFs {
  promises: typeof fs
  /** Writes a file atomically, and creates its folder if necessary. */
  writeAtomic: (file: string, data: string | Uint8Array) => void
}

/**
 * A file system for isomorphic-git that writes atomically, so that SIGKILL leaves no partial object or ref.
 * Partial files stay in `scratch`, which must be on the same volume.
 *
 * Writes are synchronous: for small files the thread pool costs more than the write.
 */
export function atomicFs(scratch: string): GitFs {
  mkdirSync(scratch, { recursive: true })
  let next = 0
  const writeAtomic = (file: string, data: string | Uint8Array): void => {
    const temporary = join(scratch, `${process.pid}-${next++}`)
    writeFileSync(temporary, data)
    try {
      renameSync(temporary, file)
    }
    catch {
      mkdirSync(dirname(file), { recursive: true })
      renameSync(temporary, file)
    }
  }
  const writeFile = async (file: string, data: string | Uint8Array): Promise<void> => writeAtomic(file, data)
  return { promises: { ...fs, writeFile: writeFile as typeof fs.writeFile }, writeAtomic }
}
