import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The part of node:fs that isomorphic-git takes. */
export interface GitFs {
  promises: typeof fs
  /** Puts a whole file in place, making its folder when needed. */
  writeWhole: (file: string, data: string | Uint8Array) => void
}

/**
 * A file system for isomorphic-git whose files appear whole or not at all, so that SIGKILL in the middle of a
 * write leaves no torn object or ref. Half-written files stay in `scratch`, which must be on the same volume.
 *
 * Writing is synchronous: for files this small a trip through the thread pool costs more than the write.
 */
export function atomicFs(scratch: string): GitFs {
  mkdirSync(scratch, { recursive: true })
  let next = 0
  const writeWhole = (file: string, data: string | Uint8Array): void => {
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
  const writeFile = async (file: string, data: string | Uint8Array): Promise<void> => writeWhole(file, data)
  return { promises: { ...fs, writeFile: writeFile as typeof fs.writeFile }, writeWhole }
}
