import { createHash } from 'node:crypto'

/**
 * The name of a workspace where there are no slashes and all of an owner's stand side by side: the repository that it
 * is for comes first, as a challenge has one in each that it is linked to. Where that is too long, a hash of all of it
 * stands at the end, so that two of them stay two.
 * @param parts what tells it from others: its repository, then its own name
 * @param max the longest name that the service takes
 */
export function externalName(parts: string[], max: number): string {
  const whole = parts.join('/').replaceAll('/', '-')
  if (whole.length <= max) return whole
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8)
  return `${whole.slice(0, max - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`
}
