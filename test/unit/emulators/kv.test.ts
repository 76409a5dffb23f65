import type { VercelKV } from '@vercel/kv'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createControl } from '../../../emulators/control-client.ts'
import type { Emulator } from '../../../emulators/core/types.ts'
import { KV_TOKEN } from '../../../emulators/defaults.ts'
import { type KvState, start } from '../../../emulators/kv/index.ts'
import { temporaryFolder } from './support/emulators.ts'

/**
 * The client as it is published, without any setting but the address and the token. Required, because vitest reads the
 * default export of what it imports, and that one wants variables.
 */
const { createClient } = createRequire(import.meta.url)('@vercel/kv') as typeof import('@vercel/kv')

const folder = temporaryFolder()
let emulator: Emulator
let kv: VercelKV
beforeAll(async () => {
  emulator = await start({ dataDir: folder.path })
  kv = createClient({ url: emulator.apiUrl, token: KV_TOKEN })
})
beforeEach(() => fetch(`${emulator.url}/__emulator/reset`, { method: 'POST' }))
afterAll(() => emulator.close())

const at = (ms: number) => vi.spyOn(Date, 'now').mockReturnValue(performance.timeOrigin + performance.now() + ms)

it('keeps texts, numbers and objects of any script', async () => {
  expect(await kv.set('text', 'Żółć — 日本 🎈 OK')).toBe('OK')
  await kv.set('object', { a: [1, null, 'x'], b: { c: true } })
  expect(await kv.get('text')).toBe('Żółć — 日本 🎈 OK')
  expect(await kv.get('object')).toEqual({ a: [1, null, 'x'], b: { c: true } })
  expect(await kv.get('nothing')).toBeNull()
  expect(await kv.mget('text', 'nothing', 'object')).toEqual(['Żółć — 日本 🎈 OK', null, { a: [1, null, 'x'], b: { c: true } }])
  expect([await kv.incr('n'), await kv.incrby('n', 41), await kv.decr('n')]).toEqual([1, 42, 41])
  expect([await kv.exists('text', 'n', 'nothing'), await kv.del('text', 'nothing'), await kv.type('n')]).toEqual([2, 1, 'string'])
  expect(await kv.ping()).toBe('PONG')
})

it('sets under a condition, so that one of many gets a lock', async () => {
  const taken = await Promise.all(['a', 'b', 'c'].map(holder => kv.set('lock', holder, { nx: true, ex: 60 })))
  expect(taken.filter(answer => answer === 'OK')).toHaveLength(1)
  expect(await kv.set('absent', 1, { xx: true })).toBeNull()
  expect(await kv.set('lock', 'd', { xx: true, get: true })).toBe('a')
  expect([await kv.getdel('lock'), await kv.get('lock')]).toEqual(['d', null])
})

it('expires keys at their time', async () => {
  await kv.set('short', 1, { px: 40_000 })
  await kv.set('long', 1)
  await kv.expire('long', 100)
  expect([await kv.ttl('short'), await kv.ttl('long'), await kv.ttl('nothing')]).toEqual([40, 100, -2])
  expect(await kv.pttl('short')).toBeGreaterThan(39_000)
  at(41_000)
  expect([await kv.get('short'), await kv.get('long'), await kv.keys('*')]).toEqual([null, 1, ['long']])
  await kv.set('long', 2, { keepTtl: true })
  expect(await kv.ttl('long')).toBe(59)
  expect([await kv.persist('long'), await kv.ttl('long')]).toEqual([1, -1])
})

it('has hashes, sets, lists and sorted sets', async () => {
  expect(await kv.hset('hash', { a: 1, b: { c: 2 } })).toBe(2)
  expect([await kv.hget('hash', 'b'), await kv.hgetall('hash')]).toEqual([{ c: 2 }, { a: 1, b: { c: 2 } }])
  expect(await kv.hincrby('hash', 'a', 4)).toBe(5)
  expect([await kv.hdel('hash', 'a', 'b'), await kv.hgetall('hash'), await kv.exists('hash')]).toEqual([2, null, 0])
  expect([await kv.sadd('set', 'a', 'b', 'a'), await kv.srem('set', 'a'), await kv.smembers('set')]).toEqual([2, 1, ['b']])
  expect([await kv.rpush('list', 'b', 'c'), await kv.lpush('list', 'a'), await kv.lrange('list', 0, -1)]).toEqual([2, 3, ['a', 'b', 'c']])
  expect([await kv.lpop('list'), await kv.rpop('list'), await kv.llen('list')]).toEqual(['a', 'c', 1])
  await kv.zadd('scores', { score: 2, member: 'b' }, { score: 1, member: 'a' })
  expect(await kv.zrange('scores', 0, -1, { withScores: true })).toEqual(['a', 1, 'b', 2])
})

it('scans in pages, by a pattern', async () => {
  await Promise.all(Array.from({ length: 25 }, (_, n) => kv.set(`session:${n}`, n)))
  await kv.set('snapshot:current', 1)
  const found: string[] = []
  for await (const key of kv.scanIterator({ match: 'session:*', count: 7 })) found.push(key)
  expect(found).toHaveLength(25)
  expect(await kv.keys('s[^e]*:?urrent')).toEqual(['snapshot:current'])
})

it('runs a pipeline, and a transaction wholly or not at all', async () => {
  expect(await kv.pipeline().set('a', 1).incr('a').get('a').exec()).toEqual(['OK', 2, 2])
  expect(await kv.multi().set('b', { c: 1 }).get('b').exec()).toEqual(['OK', { c: 1 }])
  const raw = (path: string, body: unknown, token = KV_TOKEN) => fetch(`${emulator.apiUrl}/${path}`, {
    method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body),
  }).then(async answer => [answer.status, await answer.json() as unknown])
  expect(await raw('multi-exec', [['set', 'a', 9], ['nonsense', 1]]))
    .toEqual([400, { error: 'EXECABORT Transaction discarded because of: ERR unknown command \'nonsense\'' }])
  expect(await raw('pipeline', [['get', 'a'], ['hget', 'a', 'x']])).toEqual([200, [
    { result: '2' }, { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
  ]])
  expect(await raw('', ['get'])).toEqual([400, { error: 'ERR wrong number of arguments for \'get\' command' }])
  expect(await raw('', ['get', 'a'], 'another')).toEqual([401, { error: 'WRONGPASS invalid or missing auth token' }])
})

it('says in the client\'s own error what is wrong', async () => {
  await kv.set('text', 'x')
  await expect(kv.incr('text')).rejects.toThrow('ERR value is not an integer or out of range')
  await expect(createClient({ url: emulator.apiUrl, token: 'another' }).get('a')).rejects.toThrow('WRONGPASS')
})

it('plans faults, and logs names without values', async () => {
  const control = createControl(emulator.url)
  await control.fault({ when: 'after', action: 'drop', subject: '/set a/', times: 20 })
  const impatient = createClient({ url: emulator.apiUrl, token: KV_TOKEN, retry: false })
  await expect(impatient.set('a', 'a secret value')).rejects.toThrow('fetch failed')
  expect(await impatient.get('a')).toBe('a secret value')
  const calls = await control.calls()
  expect(calls.at(-1)).toMatchObject({ operation: 'pipeline', subject: 'get a', effect: true })
  expect(JSON.stringify(calls)).not.toContain('secret')
  const page = await (await fetch(emulator.url)).text()
  expect(page).toContain('<code>a</code>')
  expect(page).not.toContain('secret')
})

it('keeps its state after a restart, with what expired meanwhile gone', async () => {
  await kv.set('kept', { a: 1 }, { ex: 3600 })
  await kv.sadd('set', 'x')
  await kv.set('short', 1, { px: 1 })
  const control = createControl(emulator.url)
  await expect.poll(async () => (await control.state<KvState>()).keys.short).toBeUndefined()
  const before = await control.state<KvState>()
  await emulator.close()
  emulator = await start({ dataDir: folder.path })
  kv = createClient({ url: emulator.apiUrl, token: KV_TOKEN })
  expect(await createControl(emulator.url).state<KvState>()).toEqual(before)
  expect(Object.keys(before.keys)).toEqual(['kept', 'set'])
})
