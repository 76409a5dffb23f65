import { wrongNumber } from '../errors.ts'
import type { Store } from '../store.ts'
import { type Command, type Commands, command, float, integer, type Reply, scan } from './command.ts'

const hashOf = (store: Store, key: string) => ({ ...store.read(key, 'hash') })
const setOf = (store: Store, key: string) => new Set(store.read(key, 'set'))
const listOf = (store: Store, key: string) => [...store.read(key, 'list') ?? []]
const scoresOf = (store: Store, key: string) => ({ ...store.read(key, 'zset') })

export const hashes: Commands = {
  hset: command(3, (store, key, ...words) => {
    if (words.length % 2 !== 0) throw wrongNumber('hset')
    const hash = hashOf(store, key!)
    const before = Object.keys(hash).length
    for (let n = 0; n < words.length; n += 2) hash[words[n]!] = words[n + 1]!
    store.write(key!, 'hash', hash)
    return Object.keys(hash).length - before
  }),
  hsetnx: command(3, (store, key, field, value) => {
    const hash = hashOf(store, key!)
    if (field! in hash) return 0
    store.write(key!, 'hash', { ...hash, [field!]: value! })
    return 1
  }),
  hget: command(2, (store, key, field) => hashOf(store, key!)[field!] ?? null),
  hmget: command(2, (store, key, ...fields) => fields.map(field => hashOf(store, key!)[field] ?? null)),
  hgetall: command(1, (store, key) => Object.entries(hashOf(store, key!)).flat()),
  hdel: command(2, (store, key, ...fields) => {
    const hash = hashOf(store, key!)
    const known = fields.filter(field => field in hash)
    store.write(key!, 'hash', Object.fromEntries(Object.entries(hash).filter(([field]) => !known.includes(field))))
    return known.length
  }),
  hexists: command(2, (store, key, field) => field! in hashOf(store, key!) ? 1 : 0),
  hkeys: command(1, (store, key) => Object.keys(hashOf(store, key!))),
  hvals: command(1, (store, key) => Object.values(hashOf(store, key!))),
  hlen: command(1, (store, key) => Object.keys(hashOf(store, key!)).length),
  hincrby: command(3, (store, key, field, by) => {
    const hash = hashOf(store, key!)
    const next = integer(hash[field!] ?? '0') + integer(by)
    store.write(key!, 'hash', { ...hash, [field!]: String(next) })
    return next
  }),
  hscan: command(2, (store, key, cursor, ...options) => {
    const hash = hashOf(store, key!)
    const [next, fields] = scan(Object.keys(hash), cursor, options)
    return [next, fields.flatMap(field => [field, hash[field]!])]
  }),
}

export const sets: Commands = {
  sadd: command(2, (store, key, ...members) => {
    const set = setOf(store, key!)
    const added = [...new Set(members)].filter(member => !set.has(member))
    store.write(key!, 'set', [...set, ...added])
    return added.length
  }),
  srem: command(2, (store, key, ...members) => {
    const set = setOf(store, key!)
    const removed = members.filter(member => set.delete(member))
    store.write(key!, 'set', [...set])
    return removed.length
  }),
  smembers: command(1, (store, key) => [...setOf(store, key!)]),
  sismember: command(2, (store, key, member) => setOf(store, key!).has(member!) ? 1 : 0),
  scard: command(1, (store, key) => setOf(store, key!).size),
  sscan: command(2, (store, key, cursor, ...options) => scan([...setOf(store, key!)], cursor, options)),
}

/** Takes one item, or as many as a count says, from one end of a list. */
const pop = (take: (list: string[]) => string | undefined): Command => command(1, (store, key, count) => {
  const list = listOf(store, key!)
  if (list.length === 0) return null
  const items = Array.from({ length: Math.min(integer(count ?? '1'), list.length) }, () => take(list)!)
  store.write(key!, 'list', list)
  return count === undefined ? items[0]! : items
})

/** The part of a list between two positions, both within; negative ones count from the end. */
function range<T>(list: T[], from: string | undefined, to: string | undefined): T[] {
  const at = (text: string | undefined) => integer(text) < 0 ? list.length + integer(text) : integer(text)
  return list.slice(Math.max(0, at(from)), Math.max(0, at(to) + 1))
}

export const lists: Commands = {
  lpush: command(2, (store, key, ...items) => {
    const list = [...items.reverse(), ...listOf(store, key!)]
    store.write(key!, 'list', list)
    return list.length
  }),
  rpush: command(2, (store, key, ...items) => {
    const list = [...listOf(store, key!), ...items]
    store.write(key!, 'list', list)
    return list.length
  }),
  lpop: pop(list => list.shift()),
  rpop: pop(list => list.pop()),
  lrange: command(3, (store, key, from, to) => range(listOf(store, key!), from, to)),
  ltrim: command(3, (store, key, from, to) => {
    store.write(key!, 'list', range(listOf(store, key!), from, to))
    return 'OK'
  }),
  llen: command(1, (store, key) => listOf(store, key!).length),
}

/** Members of a sorted set by their score, then by name. */
const sorted = (scores: Record<string, number>) =>
  Object.entries(scores).sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))

const withScores = (members: [string, number][], words: string[]): Reply =>
  words.some(word => word.toLowerCase() === 'withscores') ? members.flat().map(String) : members.map(([member]) => member)

export const sortedSets: Commands = {
  zadd: command(3, (store, key, ...words) => {
    if (words.length % 2 !== 0) throw wrongNumber('zadd')
    const scores = scoresOf(store, key!)
    const before = Object.keys(scores).length
    for (let n = 0; n < words.length; n += 2) scores[words[n + 1]!] = float(words[n])
    store.write(key!, 'zset', scores)
    return Object.keys(scores).length - before
  }),
  zrem: command(2, (store, key, ...members) => {
    const scores = scoresOf(store, key!)
    const known = members.filter(member => member in scores)
    store.write(key!, 'zset', Object.fromEntries(Object.entries(scores).filter(([member]) => !known.includes(member))))
    return known.length
  }),
  zscore: command(2, (store, key, member) => {
    const score = scoresOf(store, key!)[member!]
    return score === undefined ? null : String(score)
  }),
  zcard: command(1, (store, key) => Object.keys(scoresOf(store, key!)).length),
  zrange: command(3, (store, key, from, to, ...words) => withScores(range(sorted(scoresOf(store, key!)), from, to), words)),
}
