import { createHash } from 'node:crypto'

/**
 * The name of a workspace where there are no slashes: dashes for them, and where it is too long a hash of all of it
 * at its end, so that two of them stay two.
 * @param max the longest name that the service takes
 */
export function outsideName(name: string, max: number): string {
  const flat = name.replaceAll('/', '-')
  if (flat.length <= max) return flat
  const hash = createHash('sha256').update(flat).digest('hex').slice(0, 8)
  return `${flat.slice(0, max - hash.length - 1).replace(/-+$/, '')}-${hash}`
}
