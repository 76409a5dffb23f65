import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The token of an emulator: made at its first start, and kept in a file that only its owner may read. */
export function keepToken(path: string): string {
  const kept = read(path)
  if (kept) return kept
  const token = randomBytes(32).toString('base64url')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, `${token}\n`, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return token
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether a request's header carries the token. */
export const carries = (authorization: string | undefined, token: string): boolean =>
  timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
