import { createHash } from 'node:crypto'

/**
 * The name of a workspace where names have no slashes and an owner has one flat list of them: it starts with the name
 * of the repository, as a challenge has a workspace in each linked one. A name that is too long ends with a hash of
 * all of it, so that it stays unique.
 * @param parts what makes it unique: its repository, then its own name
 * @param max the longest name that the service accepts
 */
export function externalName(parts: string[], max: number): string {
  const whole = parts.join('/').replaceAll('/', '-')
  if (whole.length <= max) return whole
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8)
  return `${whole.slice(0, max - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`
}
