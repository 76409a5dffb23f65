import { noInteger, syntaxError, wrongNumber } from '../errors.ts'
import type { Store } from '../store.ts'
import { type Command, type Commands, command, float, integer, type Reply } from './command.ts'

interface SetOptions { onlyIf?: 'nx' | 'xx', expiresAt?: number, keepTtl?: boolean, get?: boolean }

/** Options that name a time, with how it becomes one in ms. */
const TIMES: Record<string, (value: number) => number> = {
  ex: seconds => Date.now() + seconds * 1000,
  px: ms => Date.now() + ms,
  exat: seconds => seconds * 1000,
  pxat: ms => ms,
}

function setOptions(words: string[]): SetOptions {
  const options: SetOptions = {}
  const rest = words.map(word => word.toLowerCase())
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === 'nx' || word === 'xx') options.onlyIf = word
    else if (word === 'get') options.get = true
    else if (word === 'keepttl') options.keepTtl = true
    else options.expiresAt = timeOf(word, rest.shift())
  }
  return options
}

function timeOf(word: string, value: string | undefined): number {
  const time = TIMES[word]
  if (time === undefined) throw syntaxError()
  const number = integer(value)
  if (number <= 0) throw noInteger()
  return time(number)
}

function set(store: Store, key: string, value: string, { onlyIf, expiresAt, keepTtl, get }: SetOptions): Reply {
  const before = store.entry(key)
  const old = get ? store.read(key, 'string') ?? null : null
  const may = onlyIf === undefined || (onlyIf === 'xx') === (before !== undefined)
  if (may) store.replace(key, { type: 'string', value, expiresAt: keepTtl ? before?.expiresAt : expiresAt })
  if (get) return old
  return may ? 'OK' : null
}

const add = (least: number, amount: (text?: string) => number, sign = 1): Command => command(least, (store, key, by) => {
  const next = amount(store.read(key!, 'string') ?? '0') + sign * amount(by ?? '1')
  store.write(key!, 'string', String(next))
  return amount === float ? String(next) : next
})

const pairs = (words: string[]): [string, string][] => {
  if (words.length % 2 !== 0) throw wrongNumber('mset')
  return Array.from({ length: words.length / 2 }, (_, n) => [words[2 * n]!, words[2 * n + 1]!])
}

export const strings: Commands = {
  get: command(1, (store, key) => store.read(key!, 'string') ?? null),
  set: command(2, (store, key, value, ...words) => set(store, key!, value!, setOptions(words))),
  setex: command(3, (store, key, seconds, value) => set(store, key!, value!, setOptions(['ex', seconds!]))),
  psetex: command(3, (store, key, ms, value) => set(store, key!, value!, setOptions(['px', ms!]))),
  setnx: command(2, (store, key, value) => set(store, key!, value!, { onlyIf: 'nx' }) === 'OK' ? 1 : 0),
  getset: command(2, (store, key, value) => set(store, key!, value!, { get: true })),
  getdel: command(1, (store, key) => {
    const value = store.read(key!, 'string') ?? null
    store.delete(key!)
    return value
  }),
  getex: command(1, (store, key, ...words) => {
    const value = store.read(key!, 'string')
    if (value === undefined) return null
    if (words[0]?.toLowerCase() === 'persist') store.replace(key!, { type: 'string', value })
    else if (words.length > 0) store.replace(key!, { type: 'string', value, expiresAt: setOptions(words).expiresAt })
    return value
  }),
  mget: command(1, (store, ...keys) => keys.map((key) => {
    const entry = store.entry(key)
    return entry?.type === 'string' ? entry.value as string : null
  })),
  mset: command(2, (store, ...words) => {
    for (const [key, value] of pairs(words)) set(store, key, value, {})
    return 'OK'
  }),
  append: command(2, (store, key, value) => {
    const next = (store.read(key!, 'string') ?? '') + value!
    store.write(key!, 'string', next)
    return Buffer.byteLength(next)
  }),
  strlen: command(1, (store, key) => Buffer.byteLength(store.read(key!, 'string') ?? '')),
  incr: add(1, integer),
  incrby: add(2, integer),
  incrbyfloat: add(2, float),
  decr: add(1, integer, -1),
  decrby: add(2, integer, -1),
}
