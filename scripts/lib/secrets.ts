import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A random secret that is made once and then kept in a file that only its owner may read. */
export async function keepSecret(path: string): Promise<{ value: string, isNew: boolean }> {
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (kept) return { value: kept, isNew: false }
  const value = randomBytes(32).toString('base64url')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, `${value}\n`, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
  return { value, isNew: true }
}
