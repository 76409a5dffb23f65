import { describe, expect, it } from 'vitest'
import type { AcquireRequest } from '../../../../server/rate-limits/capacity.ts'
import { release, releaseProcess, tryAcquire } from '../../../../server/rate-limits/permits.ts'
import { emptyState } from '../../../../server/rate-limits/state.ts'
import { acquire, call, request, rule } from '../support/rate-limits.ts'

const THREE_A_MINUTE = rule('content', 3, 60_000)
const one = (key: string, more: Partial<AcquireRequest> = {}) => request(key, [THREE_A_MINUTE], { content: 1 }, more)

describe('callers', () => {
  it('are granted what the limit allows, and then told when there is more', () => {
    const state = emptyState()
    expect([0, 10_000, 20_000].map(now => call(state, one(`k${now}`), now))).toEqual(['granted', 'granted', 'granted'])
    expect(call(state, one('a'), 30_000)).toBe(60_000)
    expect(call(state, one('b'), 30_000)).toBe(70_000 + 80)
    expect(call(state, one('a'), 60_000)).toBe('granted')
  })

  it('keep their reservation when a newcomer asks at the same time', () => {
    const state = emptyState()
    for (const key of ['x', 'y', 'z']) call(state, one(key), 0)
    for (const key of ['a', 'b', 'c']) expect(call(state, one(key), 1_000)).toBe(60_000)
    expect(call(state, one('newcomer'), 60_000)).toBe(120_000)
    for (const key of ['c', 'a', 'b']) expect(call(state, one(key), 60_000)).toBe('granted')
  })

  it('lose their reservation when they do not return', () => {
    const state = emptyState()
    for (const key of ['x', 'y', 'z', 'gone']) call(state, one(key), 0)
    expect(call(state, one('next'), 60_000), 'two others fit').toBe('granted')
    expect(call(state, one('next'), 60_000)).toBe('granted')
    expect(call(state, one('late'), 60_000), 'the third is reserved').toBeGreaterThan(60_000)
    expect(call(state, one('late'), 71_000)).toBe('granted')
  })

  it('that are overdue hold no room any more, and go first when they return', () => {
    const state = emptyState()
    for (const key of ['x', 'y', 'z']) call(state, one(key), 0)
    for (const key of ['a', 'b', 'c']) call(state, one(key), 1_000)
    expect(call(structuredClone(state), one('newcomer'), 60_100), 'they may return at any moment').toBeGreaterThan(60_100)
    for (const key of ['n1', 'n2', 'n3']) expect(call(state, one(key), 60_500)).toBe('granted')
    for (const key of ['a', 'b', 'c']) expect(call(state, one(key), 61_000)).toBe(120_600)
    expect(call(state, one('newcomer'), 120_600), 'those that have returned go first').toBeGreaterThan(120_600)
    for (const key of ['a', 'b', 'c']) expect(call(state, one(key), 120_600)).toBe('granted')
  })

  it('go before others once they have begun', () => {
    const state = emptyState()
    for (const key of ['x', 'y', 'z']) call(state, one(key), 0)
    for (const key of ['a', 'b', 'c']) expect(call(state, one(key), 1_000)).toBe(60_000)
    const begun = one('begun', { caller: 'begun', spent: { content: 1 }, maxWaitMs: 60_000 })
    expect(call(state, begun, 2_000)).toBe(60_000)
    expect(call(state, begun, 60_000)).toBe('granted')
    expect(['a', 'b', 'c'].map(key => call(state, one(key), 60_000))).toEqual(['granted', 'granted', 120_000])
  })

  it('that only look take half of the limit, come after all others and hold no room', () => {
    const state = emptyState()
    const looks = (key: string) => request(key, [rule('content', 4, 60_000)], { content: 1 }, { isLook: true })
    const runs = (key: string) => request(key, [rule('content', 4, 60_000)], { content: 1 })
    expect(['l1', 'l2'].map(key => call(state, looks(key), 0))).toEqual(['granted', 'granted'])
    expect(call(state, looks('l3'), 1_000)).toBeGreaterThan(1_000)
    expect(state.waiters).toEqual([])
    expect(['r1', 'r2'].map(key => call(state, runs(key), 2_000))).toEqual(['granted', 'granted'])
    for (const key of ['r3', 'r4']) expect(call(state, runs(key), 3_000)).not.toBe('granted')
    expect(call(state, looks('l4'), 60_100), 'runs wait for this room').not.toBe('granted')
    expect(['r3', 'r4'].map(key => call(state, runs(key), 60_100))).toEqual(['granted', 'granted'])
  })

  it('that must begin again reserve all calls that they had made, and make them at the place of the next', () => {
    const state = emptyState()
    for (const key of ['x', 'y', 'z']) call(state, one(key), [0, 10_000, 20_000]['xyz'.indexOf(key)]!)
    const next = one('item create', { caller: 'item', spent: { content: 1 }, maxWaitMs: 5_000 })
    expect(call(state, next, 21_000), 'two fit').toBe(70_000 + 80)
    for (const key of ['a', 'b']) call(state, one(key), 22_000)
    const again = one('item look', { caller: 'item', maxWaitMs: 2_000 })
    expect(call(state, again, 70_080)).toBe('granted')
    expect(call(state, { ...next, spent: { content: 1 } }, 70_200)).toBe('granted')
  })

  it('are told to stay when the limit does not allow all calls of one attempt', () => {
    const state = emptyState()
    const single = (key: string, spent?: Record<string, number>) =>
      request(key, [rule('content', 1, 60_000)], { content: 1 }, { caller: 'item', spent, maxWaitMs: 5_000 })
    expect(call(state, single('look'), 0)).toBe('granted')
    expect(tryAcquire(state, single('create', { content: 1 }), 100)).toMatchObject({ granted: false, mustStay: true })
    state.blockedUntil['*'] = 3_600_000
    expect(tryAcquire(state, single('create', { content: 1 }), 200), 'the provider blocks for an hour').not.toHaveProperty('mustStay')
  })

  it('do not delay a request that fits beside them', () => {
    const state = emptyState()
    const rules = [THREE_A_MINUTE, rule('points', 100, 60_000)]
    const write = (key: string) => request(key, rules, { content: 1, points: 5 })
    for (const key of ['x', 'y', 'z', 'waits']) call(state, write(key), 0)
    expect(call(state, request('read', rules, { points: 1 }), 1_000)).toBe('granted')
  })
})

describe('calls in flight', () => {
  it('count until their answer, and without an answer for as long as they could last', () => {
    const state = emptyState()
    const [first] = ['x', 'y', 'z'].map(key => acquire(state, one(key, { maxDurationMs: 5_000 }), 0))
    release(state, first!, [], 3_000)
    expect(call(state, one('a'), 62_000)).toBeGreaterThanOrEqual(63_000)
    expect(call(state, one('a'), 63_000)).toBe('granted')
    expect(call(state, one('b'), 64_000)).toBeGreaterThanOrEqual(65_000)
    expect(call(state, one('b'), 66_000)).toBe('granted')
  })

  it('end with a dead process, and only with their own', () => {
    const state = emptyState()
    const unknown = { name: 'GET /users/@me/guilds', majorParameter: '' }
    for (const key of ['x', 'y']) tryAcquire(state, one(key, { process: 'dead' }), 0)
    const living = acquire(state, one('z', { process: 'lives' }), 0)
    tryAcquire(state, request('route', [], {}, { process: 'dead', route: unknown }), 0)
    expect(call(state, request('next', [], {}, { route: unknown }), 900), 'while it may be in flight').toBe(1_000)
    releaseProcess(state, 'dead', 500)
    expect(call(state, request('next', [], {}, { route: unknown }), 900)).toBe('granted')
    expect(call(state, one('a'), 4_000), 'the provider counted them before the process died').toBe(60_500 + 100)
    release(state, living, [], 5_000)
    expect(call(state, one('b'), 60_600)).toBe('granted')
  })

  it('count once when they are released twice', () => {
    const state = emptyState()
    const [first, second] = ['x', 'y'].map(key => acquire(state, one(key), 0))
    for (let n = 0; n < 3; n++) release(state, first!, [], 0)
    release(state, second!, [], 0)
    expect(call(state, one('z'), 0)).toBe('granted')
    expect(call(state, one('a'), 0)).toBe(60_000)
  })

  it('are limited in number, and the next one goes as soon as one is answered', () => {
    const state = emptyState()
    const concurrent = (key: string) => request(key, [rule('concurrent', 2, 0)], { concurrent: 1 })
    const [first] = ['x', 'y'].map(key => acquire(state, concurrent(key), 0))
    expect(call(state, concurrent('z'), 0)).toBe(100)
    release(state, first!, [], 10)
    expect(call(state, concurrent('z'), 10)).toBe('granted')
  })

  it('are refunded when they turn out to cost nothing', () => {
    const state = emptyState()
    const invalid = (key: string) => request(key, [rule('invalid', 1, 600_000)], { invalid: 1 })
    release(state, acquire(state, invalid('x'), 0), [{ refunds: ['invalid'] }], 0)
    release(state, acquire(state, invalid('y'), 0), [{}], 0)
    expect(call(state, invalid('z'), 1_000)).toBe(600_000)
  })
})
