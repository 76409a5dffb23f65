import { transliterate } from 'transliteration'

/**
 * ASCII words joined by dashes, from any script: letters that have a reading are
 * transliterated, everything else separates words. May be empty.
 */
export const slugify = (text: string): string =>
  transliterate(text.normalize('NFKC')).toLowerCase()
    .replace(/c\+\+/g, 'cpp').replace(/c#/g, 'csharp').replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')

/** A slug of at most `max` characters that is never empty: where nothing can be read, a short stable hash stands. */
export function slugOr(prefix: string, text: string, max: number): string {
  const slug = slugify(text).slice(0, max).replace(/-+$/, '')
  return slug || `${prefix}-${hash(text)}`
}

/** FNV-1a, 32 bits, in base 36: short and stable, for names and not for secrets. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): string {
  let value = 0x811C9DC5
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  return value.toString(36)
}

/** Gives `wanted`, or `wanted-2`, `wanted-3`… when it is taken, never longer than `max`; letter case counts for nothing. */
export function distinct(wanted: string, taken: Set<string>, max: number): string {
  let name = wanted.slice(0, max)
  for (let n = 2; taken.has(name.toLowerCase()); n++) {
    const suffix = `-${n}`
    name = wanted.slice(0, max - suffix.length).replace(/-+$/, '') + suffix
  }
  taken.add(name.toLowerCase())
  return name
}

/** Text in any script as Discord shows it, cut to `max` without breaking a character, and unable to mention anybody. */
export function discordText(text: string, max: number): string {
  const plain = text.normalize('NFC').replace(/@/g, '＠').replace(/`/g, 'ˋ').replace(/\s+/g, ' ').trim()
  let cut = ''
  for (const { segment } of new Intl.Segmenter().segment(plain)) {
    if (cut.length + segment.length > max) break
    cut += segment
  }
  return cut.trim()
}

/** The name of a Discord text channel: lower case, dashes, letters and digits of any script, as Discord itself formats it. */
export function channelName(prefix: string, text: string, max = 90): string {
  const name = text.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}_]+/gu, '-').replace(/^-+|-+$/g, '')
  return discordText(name, max).replace(/-+$/, '') || `${prefix}-${hash(text)}`
}
