import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { release, tryAcquire } from '../../../../server/rate-limits/permits.ts'
import { emptyState, type RateLimitState } from '../../../../server/rate-limits/state.ts'
import { request, rule } from '../support/rate-limits.ts'

/** As the server waits: briefly inside an attempt, a little longer once that has made calls. */
const INLINE_MS = 2_000
const BEGUN_INLINE_MS = 5_000

/** An attempt needs all its calls, one after the other; whoever waits for long makes them all again. */
interface Caller { at: number, calls: number, takes: number, late: number }
const callers = (most: number): fc.Arbitrary<Caller[]> => fc.array(fc.record({
  at: fc.integer({ min: 0, max: 2_000 }),
  calls: fc.integer({ min: 1, max: most }),
  takes: fc.integer({ min: 0, max: 300 }),
  late: fc.integer({ min: 0, max: 2_000 }),
}), { minLength: 1, maxLength: 60 })

interface Attempt extends Caller { name: string, made: number, waitsUntil?: number }
interface Made { from: number, to: number }
interface Played { made: Made[], endedAt: number, unfinished: number }

/** Plays the callers of any number of processes: they share the state. */
function play(all: Caller[], limit: number, windowMs: number, untilMs: number): Played {
  const state = emptyState()
  const rules = [rule('global', limit, windowMs)]
  const made: Made[] = []
  const queue: Attempt[] = all.map((caller, n) => ({ ...caller, name: String(n), made: 0 }))
  let now = 0
  for (let unfinished = all.length; unfinished;) {
    queue.sort((a, b) => a.at - b.at)
    const attempt = queue.shift()!
    now = attempt.at
    if (now > untilMs) return { made, endedAt: now, unfinished }
    if (attempt.made === attempt.calls) unfinished--
    else queue.push(next(state, attempt, rules, made))
  }
  return { made, endedAt: now, unfinished: 0 }
}

/** The answer of a call counts at once: the next event of its caller is what follows it. */
function next(state: RateLimitState, attempt: Attempt, rules: ReturnType<typeof rule>[], made: Made[]): Attempt {
  const { at: now, name, takes, late } = attempt
  const waitsUntil = attempt.waitsUntil ?? now + (attempt.made ? BEGUN_INLINE_MS : INLINE_MS)
  const result = tryAcquire(state, request(`${name} ${attempt.made}`, rules, { global: 1 }, {
    caller: name, spent: attempt.made ? { global: attempt.made } : undefined, maxWaitMs: waitsUntil - now,
  }), now)
  if (result.granted) {
    release(state, result.permit, [], now + takes)
    made.push({ from: now, to: now + takes })
    return { ...attempt, at: now + takes, made: attempt.made + 1, waitsUntil: undefined }
  }
  if (result.mustStay || result.retryAt <= waitsUntil) return { ...attempt, at: result.retryAt, waitsUntil }
  return { ...attempt, at: result.retryAt + late, made: 0, waitsUntil: undefined }
}

/** The most that a provider can have counted in one window, when it counts each call at its end. */
const mostInWindow = (made: Made[], windowMs: number) => Math.max(...made.map(({ to: end }) =>
  made.filter(({ to }) => to <= end && to > end - windowMs).length))

describe('attempts of several calls, under a limit of one to five', () => {
  const limits = fc.integer({ min: 1, max: 5 })

  it('are all finished near the ideal, and never exceed the limit', () => {
    fc.assert(fc.property(callers(4), limits, (all, limit) => {
      const calls = all.reduce((sum, caller) => sum + caller.calls, 0)
      // A call counts until a window after its answer, so a window lasts at most for its length and the longest call.
      const idealMs = 2_000 + calls / limit * 1_310
      const { made, endedAt, unfinished } = play(all, limit, 1_000, 1_000_000)
      expect(unfinished).toBe(0)
      expect(mostInWindow(made, 1_000)).toBeLessThanOrEqual(limit)
      expect(endedAt).toBeLessThan(idealMs * 1.3 + 6_000)
      expect(made.length, 'calls made again').toBeLessThanOrEqual(calls * 1.1 + 2)
    }), { numRuns: 150 })
  })

  it('are all finished when a window is longer than any wait inside an attempt', () => {
    fc.assert(fc.property(callers(4), limits, (all, limit) => {
      const calls = all.reduce((sum, caller) => sum + caller.calls, 0)
      const { made, unfinished } = play(all.slice(0, 12), limit, 60_000, calls * 60_000 * 3)
      expect(unfinished).toBe(0)
      expect(mostInWindow(made, 60_000)).toBeLessThanOrEqual(limit)
    }), { numRuns: 60 })
  })
})
