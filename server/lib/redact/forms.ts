import { readingsOf } from './unescape.ts'

/** A text to search for, which gives a secret away. */
export interface Form {
  text: string
  /** Whether upper and lower case count as the same. */
  ignoresCase: boolean
  /** Whether it counts only as a whole word. */
  isWord: boolean
  /** Whether its neighbours in base64 may have bits of it, too: a group on either side. */
  isBase64: boolean
}

/** Shorter values are parts of ordinary words. */
const SHORTEST_PART = 8
/** Such a text in another case is no accident. */
const SHORTEST_ANY_CASE = 12
/** Encoded forms of fewer characters are found everywhere. */
const SHORTEST_ENCODED = 4

/** A secret as it is, in either case, with its own escapes decoded, in hex, and in base64 whatever stands before it. */
export function formsOf(secret: string): Form[] {
  const plain = [secret, [...readingsOf(secret)].at(-1)?.text ?? secret, secret.replaceAll(' ', '+')].flatMap(plainForms)
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].map(shift => alignedBase64(bytes, shift))
  const encoded = [
    ...[hex].map(text => ({ text, isBase64: false })),
    ...[...base64, ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))].map(text => ({ text, isBase64: true })),
  ]
  return [
    ...plain,
    ...encoded.filter(({ text }) => text.length >= SHORTEST_ENCODED)
      .map(({ text, isBase64 }) => ({ text: lower(text), ignoresCase: true, isWord: false, isBase64 })),
  ]
}

function plainForms(text: string): Form[] {
  const about = { isWord: text.length < SHORTEST_PART, isBase64: false }
  if (text.length >= SHORTEST_ANY_CASE) return [{ text: lower(text), ignoresCase: true, ...about }]
  return [text, text.toLowerCase(), text.toUpperCase()].map(text => ({ text, ignoresCase: false, ...about }))
}

/**
 * The characters of base64 that depend on these bytes alone, when `shift` bytes of a group of three stand before them. Of a
 * longer secret only the groups within, so that it is found when a few of its characters were cut off.
 */
function alignedBase64(bytes: Buffer, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes])
  const base64 = whole.toString('base64')
  const within = base64.slice(shift && 4, -4)
  return within.length >= SHORTEST_PART ? within : base64.slice(Math.ceil(shift * 8 / 6), Math.floor(whole.length * 8 / 6))
}

/** Lower case of ASCII alone: other letters may change their number. */
export const lower = (text: string): string => text.replace(/[A-Z]+/g, capitals => capitals.toLowerCase())
