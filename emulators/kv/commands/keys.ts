import { noSuchKey } from '../errors.ts'
import { type Command, type Commands, command, glob, integer, scan } from './command.ts'

/** Sets when a key expires, under the conditions NX, XX, GT and LT. A time in the past removes the key. */
const expire = (timeOf: (value: number) => number): Command => command(2, (store, key, value, condition) => {
  const entry = store.entry(key!)
  if (entry === undefined) return 0
  const [at, before] = [timeOf(integer(value)), entry.expiresAt ?? Infinity]
  const may: Record<string, boolean> = { nx: before === Infinity, xx: before !== Infinity, gt: at > before, lt: at < before }
  if (!(may[condition?.toLowerCase() ?? ''] ?? true)) return 0
  if (at <= Date.now()) store.delete(key!)
  else store.replace(key!, { ...entry, expiresAt: at })
  return 1
})

/** What remains until a key expires; -1 when it never does, -2 when there is no such key. */
const remaining = (unitMs: number): Command => command(1, (store, key) => {
  const entry = store.entry(key!)
  if (entry === undefined) return -2
  return entry.expiresAt === undefined ? -1 : Math.ceil((entry.expiresAt - Date.now()) / unitMs)
})

const remove = command(1, (store, ...keys) => keys.filter(key => store.delete(key)).length)

export const keys: Commands = {
  del: remove,
  unlink: remove,
  exists: command(1, (store, ...keys) => keys.filter(key => store.entry(key) !== undefined).length),
  type: command(1, (store, key) => store.entry(key!)?.type ?? 'none'),
  expire: expire(seconds => Date.now() + seconds * 1000),
  pexpire: expire(ms => Date.now() + ms),
  expireat: expire(seconds => seconds * 1000),
  pexpireat: expire(ms => ms),
  ttl: remaining(1000),
  pttl: remaining(1),
  persist: command(1, (store, key) => {
    const entry = store.entry(key!)
    if (entry?.expiresAt === undefined) return 0
    store.replace(key!, { ...entry, expiresAt: undefined })
    return 1
  }),
  rename: command(2, (store, from, to) => {
    const entry = store.entry(from!)
    if (entry === undefined) throw noSuchKey()
    store.delete(from!)
    store.replace(to!, entry)
    return 'OK'
  }),
  keys: command(1, (store, pattern) => store.keys().filter(key => glob(pattern!).test(key))),
  scan: command(1, (store, cursor, ...options) => scan(store.keys(), cursor, options)),
  dbsize: command(0, store => store.keys().length),
  flushdb: command(0, (store) => {
    store.clear()
    return 'OK'
  }),
  ping: command(0, (_, text) => text ?? 'PONG'),
  echo: command(1, (_, text) => text!),
  time: command(0, () => [String(Math.floor(Date.now() / 1000)), String(Date.now() % 1000 * 1000)]),
}
