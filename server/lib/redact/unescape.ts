/** A text with its escapes decoded. `starts` has where each of its characters begins in the original, and the original's end. */
export interface Reading { text: string, starts: number[] }

/** Escapes within escapes are decoded so many times: JSON in a URL in JSON in HTML takes four. */
const MAX_ROUNDS = 5

/** Characters in a URL (several bytes may make one), in JSON and programs, and in HTML. */
const ESCAPE = new RegExp([
  /(?:%[0-9a-f]{2})+/,
  /\\u[0-9a-f]{4}|\\u\{[0-9a-f]{1,6}\}|\\x[0-9a-f]{2}|\\[\\/"'`bfnrt]/,
  /&#x[0-9a-f]{1,8};?|&#\d{1,8};?|&[a-z]{2,8};/,
].map(({ source }) => source).join('|'), 'gi')

const CONTROLS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** Names of the characters of ASCII in HTML that are neither letter nor digit. */
const ENTITIES: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'', sol: '/', bsol: '\\', plus: '+', equals: '=', colon: ':', semi: ';', comma: ',',
  period: '.', excl: '!', num: '#', dollar: '$', percnt: '%', ast: '*', midast: '*', lpar: '(', rpar: ')', lsqb: '[', lbrack: '[',
  rsqb: ']', rbrack: ']', lcub: '{', lbrace: '{', rcub: '}', rbrace: '}', lowbar: '_', grave: '`', vert: '|', verbar: '|', commat: '@',
  quest: '?', hat: '^', tab: '\t', newline: '\n', nbsp: ' ',
}

/** The readings of a text as a program after a program might decode it: none when there is nothing to decode. */
export function* readingsOf(text: string): Generator<Reading> {
  let reading: Reading | undefined
  for (let round = 0; round < MAX_ROUNDS; round++) {
    reading = decodeOnce(reading?.text ?? text, reading?.starts)
    if (!reading) return
    yield reading
  }
}

function decodeOnce(text: string, starts?: number[]): Reading | undefined {
  const startOf = (index: number) => starts ? starts[index]! : index
  const decoded: Reading = { text: '', starts: [] }
  let from = 0
  const copy = (to: number) => {
    decoded.text += text.slice(from, to)
    for (let index = from; index < to; index++) decoded.starts.push(startOf(index))
    from = to
  }
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    const characters = decodeEscape(escape)
    if (!characters) continue
    copy(index)
    for (const [character, length] of characters) {
      for (let unit = 0; unit < character.length; unit++) decoded.starts.push(startOf(from))
      decoded.text += character
      from += length
    }
  }
  if (from === 0) return undefined
  copy(text.length)
  decoded.starts.push(startOf(text.length))
  return decoded
}

/** The characters of an escape, each with its length there; undefined when it is none after all. */
function decodeEscape(escape: string): [character: string, length: number][] | undefined {
  if (escape.startsWith('%')) return decodeBytes(Buffer.from(escape.replaceAll('%', ''), 'hex'))
  const character = escape.startsWith('\\') ? decodeBackslash(escape.slice(1)) : decodeEntity(escape.slice(1).replace(/;$/, ''))
  return character === undefined ? undefined : [[character, escape.length]]
}

const decodeBackslash = (escape: string) => /^[ux]./.test(escape) ? fromHex(escape.replace(/[^0-9a-f]/gi, '')) : CONTROLS[escape] ?? escape

function decodeEntity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()]
  return /^#x/i.test(name) ? fromHex(name.slice(2)) : fromCodePoint(Number(name.slice(1)))
}

const fromHex = (digits: string) => fromCodePoint(Number.parseInt(digits, 16))

const fromCodePoint = (code: number) => code <= 0x10FFFF ? String.fromCodePoint(code) : undefined

/** Bytes of a URL as characters, with three places for each byte. */
function decodeBytes(bytes: Buffer): [character: string, length: number][] {
  const characters: [string, number][] = []
  for (let index = 0; index < bytes.length;) {
    const size = sizeOf(bytes[index]!)
    const character = bytes.toString('utf8', index, index + size)
    // Bytes that are no UTF-8 stand for themselves.
    const isCharacter = !character.includes('\uFFFD')
    characters.push(isCharacter ? [character, 3 * Math.min(size, bytes.length - index)] : [String.fromCharCode(bytes[index]!), 3])
    index += isCharacter ? size : 1
  }
  return characters
}

function sizeOf(lead: number): number {
  if (lead < 0xC0) return 1
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
}
