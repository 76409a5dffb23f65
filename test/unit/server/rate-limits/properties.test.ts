import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Permit, release, tryAcquire } from '../../../../server/rate-limits/permits.ts'
import { emptyState } from '../../../../server/rate-limits/state.ts'
import type { Rule } from '../../../../server/lib/rate-limits/rules.ts'
import { attempt, request, rule } from '../support/rate-limits.ts'

const MAX_DURATION_MS = 500

/** A caller: when it asks, how long its call takes, how late it returns after a wait, what it costs, and whether it dies in the call. */
interface Caller { at: number, takes: number, late: number, content: number, dies: boolean }
const callers: fc.Arbitrary<Caller[]> = fc.array(fc.record({
  at: fc.integer({ min: 0, max: 3_000 }),
  takes: fc.integer({ min: 0, max: 400 }),
  late: fc.integer({ min: 0, max: 300 }),
  content: fc.constantFrom(0, 1, 1, 2),
  dies: fc.constantFrom(false, false, false, false, true),
}), { minLength: 1, maxLength: 40 })

interface Limits { short: number, long: number, points: number, concurrent: number }
const limits: fc.Arbitrary<Limits> = fc.record({
  short: fc.integer({ min: 2, max: 8 }),
  long: fc.integer({ min: 4, max: 20 }),
  points: fc.integer({ min: 10, max: 40 }),
  concurrent: fc.integer({ min: 1, max: 6 }),
})
const rulesOf = ({ short, long, points, concurrent }: Limits): Rule[] => [
  rule('content', short, 1_000),
  rule('content', long, 5_000),
  rule('points', points, 1_000),
  rule('concurrent', concurrent, 0),
]

interface Call { at: number, ends: number, content: number, points: number }
type Event = Caller & { index: number, permit?: Permit }

/** Plays the callers in time. @returns the calls that were made */
function simulate(all: Caller[], rules: Rule[]): Call[] {
  const state = emptyState()
  const calls: Call[] = []
  const events: Event[] = all.map((caller, index) => ({ ...caller, index }))
  while (events.length) {
    events.sort((a, b) => a.at - b.at || a.index - b.index)
    const event = events.shift()!
    if (event.permit) {
      release(state, event.permit, [], event.at)
      continue
    }
    const weights = { content: event.content, points: event.content ? 5 : 1, concurrent: 1 }
    const result = tryAcquire(state, request(String(event.index), rules, weights, { maxDurationMs: MAX_DURATION_MS }), event.at)
    if (!result.granted) {
      expect(result.retryAt).toBeGreaterThan(event.at)
      events.push({ ...event, at: result.retryAt + event.late })
      continue
    }
    const ends = event.at + (event.dies ? MAX_DURATION_MS : event.takes)
    calls.push({ at: event.at, ends, content: event.content, points: weights.points })
    if (!event.dies) events.push({ ...event, at: ends, permit: result.permit })
  }
  return calls
}

/** Fails when the calls exceed a limit in the windows that end at a time. */
function expectWithinLimits(calls: (Call & { counted: number })[], limit: Limits, until: number): void {
  const total = (ms: number, kind: 'content' | 'points') =>
    calls.filter(({ counted }) => counted <= until && counted > until - ms).reduce((sum, call) => sum + call[kind], 0)
  expect(total(1_000, 'content')).toBeLessThanOrEqual(limit.short)
  expect(total(5_000, 'content')).toBeLessThanOrEqual(limit.long)
  expect(total(1_000, 'points')).toBeLessThanOrEqual(limit.points)
  expect(calls.filter(call => call.at <= until && call.ends > until).length).toBeLessThanOrEqual(limit.concurrent)
}

describe('any callers in any order', () => {
  it('never exceed a limit in any window, whenever between permit and answer the provider counts a call', () => {
    fc.assert(fc.property(callers, limits, fc.float({ min: 0, max: 1, noNaN: true }), (all, limit, share) => {
      const calls = simulate(all, rulesOf(limit))
        .map((call, n) => ({ ...call, counted: call.at + (call.ends - call.at) * (n % 2 ? share : 1 - share) }))
      for (const { counted } of calls) expectWithinLimits(calls, limit, counted)
    }), { numRuns: 300 })
  })

  it('are all granted in the end', () => {
    fc.assert(fc.property(callers, limits, (all, limit) => {
      expect(simulate(all, rulesOf(limit))).toHaveLength(all.length)
    }), { numRuns: 200 })
  })

  it('leave no capacity unused while anybody waits: a backlog is done as soon as the limit allows', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 10 }), (count, limit) => {
      const backlog = Array.from({ length: count }, () => ({ at: 0, takes: 0, late: 0, content: 1, dies: false }))
      const calls = simulate(backlog, [rule('content', limit, 1_000)])
      // The limit is used up at once in each window. A window is late by at most its granularity.
      const windows = Math.ceil(count / limit) - 1
      expect(calls.at(-1)!.at).toBeLessThanOrEqual(windows * 1_010)
    }))
  })

  it('are served in the order in which they came', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 5 }), (count, limit) => {
      const state = emptyState()
      const rules = [rule('content', limit, 1_000)]
      const times = Array.from({ length: count }, (_, n) => {
        const result = attempt(state, request(String(n), rules, { content: 1 }), n)
        return result.granted ? n : result.retryAt
      })
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }))
  })
})
