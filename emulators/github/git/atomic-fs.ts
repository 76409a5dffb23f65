import { mkdirSync } from 'node:fs'
import fs from 'node:fs/promises'
import { join } from 'node:path'

/** The part of node:fs that isomorphic-git takes. */
export interface GitFs {
  promises: typeof fs
}

/**
 * A file system for isomorphic-git whose files appear whole or not at all, so that SIGKILL in the middle of a
 * write leaves no torn object or ref. Half-written files stay in `scratch`, which must be on the same volume.
 */
export function atomicFs(scratch: string): GitFs {
  mkdirSync(scratch, { recursive: true })
  let next = 0
  const writeFile: typeof fs.writeFile = async (file, data, options) => {
    const temporary = join(scratch, `${process.pid}-${next++}`)
    await fs.writeFile(temporary, data, options)
    await fs.rename(temporary, file as string)
  }
  return { promises: { ...fs, writeFile } }
}
