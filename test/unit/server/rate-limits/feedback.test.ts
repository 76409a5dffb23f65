import { describe, expect, it } from 'vitest'
import type { AcquireRequest } from '../../../../server/rate-limits/capacity.ts'
import { release, tryAcquire } from '../../../../server/rate-limits/permits.ts'
import { emptyState, type RateLimitState } from '../../../../server/rate-limits/state.ts'
import type { RateLimitFeedback } from '../../../../server/lib/rate-limits/feedback.ts'
import { acquire, call, request } from '../support/rate-limits.ts'

const unlimited = (key: string, more: Partial<AcquireRequest> = {}) => request(key, [], {}, more)
const post = (key: string, name = 'POST /x', majorParameter = '') => unlimited(key, { route: { name, majorParameter } })

/** Makes a call whose answer says something about the limits. */
const answer = (state: RateLimitState, wanted: AcquireRequest, feedback: RateLimitFeedback) =>
  release(state, acquire(state, wanted, 0), [feedback], 0)

describe('feedback', () => {
  it('blocks the service for as long as the provider asks', () => {
    const state = emptyState()
    answer(state, unlimited('x'), { block: { ms: 30_000, scope: 'all' } })
    expect(call(state, unlimited('y'), 1_000)).toBe(30_000)
    expect(call(state, unlimited('y'), 30_000)).toBe('granted')
  })

  it('limits calls to the quota until its reset', () => {
    const state = emptyState()
    answer(state, unlimited('x'), { quota: { remaining: 2, resetsAt: 50_000 } })
    expect([1, 2, 3].map(n => call(state, unlimited(`k${n}`), 1_000))).toEqual(['granted', 'granted', 50_000])
    expect(call(state, unlimited('k3'), 50_000)).toBe('granted')
  })

  it('lowers the quota by what others use', () => {
    const state = emptyState()
    answer(state, unlimited('x'), { quota: { remaining: 100, resetsAt: 50_000 } })
    answer(state, unlimited('y'), { quota: { remaining: 1, resetsAt: 50_000 } })
    expect([1, 2].map(n => call(state, unlimited(`k${n}`), 1_000))).toEqual(['granted', 50_000])
  })
})

describe('the bucket of a route', () => {
  it('is learned from one call that goes ahead', () => {
    const state = emptyState()
    const roles = (key: string, guild = '1') => post(key, 'POST /guilds/:id/roles', guild)
    const first = acquire(state, roles('x'), 0)
    expect(call(state, roles('y'), 0), 'no other call before its answer').toBe(100)
    release(state, first, [{ bucket: { id: 'b', limit: 3, remaining: 2, resetsInMs: 10_000 } }], 50)
    expect([1, 2, 3].map(n => call(state, roles(`k${n}`), 60))).toEqual(['granted', 'granted', 10_050])
    expect(call(state, roles('other', '2'), 60), 'another server has its own').toBe('granted')
  })

  it('is learned from another call when the first gets no answer', () => {
    const state = emptyState()
    tryAcquire(state, post('hangs'), 0)
    expect(call(state, post('x'), 900)).toBe(1_000)
    expect(call(state, post('x'), 1_000)).toBe('granted')
  })

  it('counts what others use', () => {
    const state = emptyState()
    answer(state, post('x'), { bucket: { id: 'b', limit: 10, remaining: 1, resetsInMs: 5_000 } })
    expect([1, 2].map(n => call(state, post(`k${n}`), 1_000))).toEqual(['granted', 5_000])
  })

  it('does not limit a route that has none', () => {
    const state = emptyState()
    answer(state, post('x'), { bucket: null })
    expect([1, 2, 3].map(n => call(state, post(`k${n}`), 1))).toEqual(['granted', 'granted', 'granted'])
  })
})
