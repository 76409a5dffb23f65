import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { RateLimiter } from '../../../../server/rate-limits/limiter.ts'
import { findState } from '../../../../server/rate-limits/queries.ts'
import { until } from '../../../support/until.ts'
import { sql, useDatabase } from '../support/database.ts'
import { request, rule } from '../support/rate-limits.ts'

useDatabase()
afterEach(() => vi.useRealTimers())

const acquire = (limiter: RateLimiter, key: string, weight = 1) =>
  limiter.acquire(request(key, [rule('content', 30, 60_000)], { content: weight }))
const acquireUnlimited = (limiter: RateLimiter, key: string) => limiter.acquire(request(key, [], { content: 1 }))
const keys = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`)
const windowOf = async (limiterId: string) => (await findState(limiterId))!.windows['content/60']!

describe('the rate limiters of several processes for one credential', () => {
  it('never grant more than the limit, however they acquire at once', async () => {
    const id = randomUUID()
    const limiters = keys('process', 4).map(() => new RateLimiter(id))
    const responses = await Promise.all(limiters.flatMap((limiter, process) => keys(`item of ${process}`, 20).map(async (key, n) => {
      // Some ask in the same turn, others while a write is out.
      for (let turn = 0; turn < n % 5; turn++) await new Promise(resolve => setImmediate(resolve))
      return acquire(limiter, key)
    })))
    expect(responses.filter(({ granted }) => granted)).toHaveLength(30)
    const waits = responses.flatMap(response => response.granted ? [] : [response.waitMs])
    expect(Math.min(...waits)).toBeGreaterThan(50_000)
    expect(Math.max(...waits), 'the last twenty have the window after the next').toBeGreaterThan(110_000)
  })

  it('learn of each other\'s answers, and of what those said', async () => {
    const id = randomUUID()
    const [one, other] = [new RateLimiter(id), new RateLimiter(id)]
    const response = await acquire(one, 'x')
    expect((await windowOf(id)).inFlight).toHaveLength(1)
    if (response.granted) one.release(response.permit, [{ block: { ms: 30_000, scope: 'all' } }])
    await until(async () => (await windowOf(id)).inFlight.length === 0)
    const next = await acquire(other, 'y')
    expect(!next.granted && next.waitMs).toBeGreaterThan(25_000)
  })

  it('learn at once that the provider asked one of them to wait', async () => {
    const id = randomUUID()
    const limiter = new RateLimiter(id)
    const response = await acquire(limiter, 'x')
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    if (response.granted) limiter.release(response.permit, [{ block: { ms: 30_000, scope: 'all' } }])
    await until(async () => (await findState(id))!.blockedUntil['*'])
  })

  it('write once for all that acquire in one turn', async () => {
    const id = randomUUID()
    const limiter = new RateLimiter(id)
    await Promise.all(keys('x', 25).map(key => acquire(limiter, key)))
    expect((await sql`select version from rate_limits where id = ${id}`)[0]!.version).toBe('1')
  })

  it('continue after the database was away, and lose no answer', async () => {
    const id = randomUUID()
    const limiter = new RateLimiter(id)
    const response = await acquire(limiter, 'x', 30)
    await sql`alter table rate_limits rename to hidden`
    await expect(acquire(limiter, 'y')).rejects.toThrow()
    if (response.granted) limiter.release(response.permit, [])
    await expect(acquire(limiter, 'y')).rejects.toThrow()
    await sql`alter table hidden rename to rate_limits`
    await until(async () => (await windowOf(id)).inFlight.length === 0)
    const next = await acquire(limiter, 'y')
    expect(!next.granted && next.waitMs).toBeGreaterThan(50_000)
  })

  it('count nothing without a limit, until the provider asks one of them to wait', async () => {
    const id = randomUUID()
    const [one, other] = [new RateLimiter(id), new RateLimiter(id)]
    const responses = await Promise.all(keys('x', 50).map(key => acquireUnlimited(one, key)))
    expect(responses.every(({ granted }) => granted)).toBe(true)
    const [first, second] = responses.flatMap(response => response.granted ? [response.permit] : [])
    one.release(first!, [{}])
    expect(await findState(id)).toBeUndefined()
    one.release(second!, [{ block: { ms: 30_000, scope: 'all' } }])
    await until(async () => !(await acquireUnlimited(other, 'y')).granted)
    await until(async () => !(await acquireUnlimited(one, 'z')).granted)
  })

  it('store nothing that reveals the credential or the item', async () => {
    const id = randomUUID()
    const limiter = new RateLimiter(id)
    for (const key of keys('secret item', 31)) await acquire(limiter, key)
    expect(JSON.stringify(await findState(id))).not.toContain('secret')
  })
})
