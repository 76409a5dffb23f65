import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeRule } from '../../../../server/rate-limits/errors.ts'
import { forecast } from '../../../../server/rate-limits/forecast.ts'
import { release } from '../../../../server/rate-limits/permits.ts'
import { emptyState } from '../../../../server/rate-limits/state.ts'
import { readRules } from '../../../../server/lib/rate-limits/rules.ts'
import { acquire, attempt, request } from '../support/rate-limits.ts'

const rules = readRules('content=80/60,500/3600')
const backlog = (total: number) => ({ total, maxPerRoute: total })

it('tells when a backlog is done, by the rule that delays it most', () => {
  expect(forecast(emptyState(), rules, backlog(80), 0)).toMatchObject({ doneAt: 0 })
  expect(forecast(emptyState(), rules, backlog(180), 0)).toEqual({ rule: rules[0], doneAt: 120_000 })
  const long = forecast(emptyState(), rules, backlog(600), 0)
  expect(describeRule('GITHUB', long.rule!)).toBe('GitHub allows 500 new resources an hour')
  expect(long.doneAt).toBe(3_660_000)
})

it('waits while the provider blocks, and for the reset of its quota', () => {
  expect(forecast({ ...emptyState(), blockedUntil: { '*': 30_000 } }, rules, backlog(10), 0).doneAt).toBe(30_000)
  expect(forecast({ ...emptyState(), quota: { remaining: 0, resetsAt: 50_000 } }, rules, backlog(10), 0).doneAt).toBe(50_000)
})

it('tells nothing without a limit', () => {
  expect(forecast(emptyState(), [], backlog(10), 0)).toEqual({})
})

it('tells of buckets that were learned', () => {
  const state = emptyState()
  const permit = acquire(state, request('x', [], {}, { route: { name: 'POST /guilds/:id/roles', majorParameter: '1' } }), 0)
  release(state, permit, [{ bucket: { id: 'b', limit: 5, remaining: 4, resetsInMs: 10_000 } }], 0)
  const { rule, doneAt } = forecast(state, [], { total: 90, maxPerRoute: 12 }, 0)
  expect(describeRule('DISCORD', rule!)).toBe('Discord allows 5 calls of a kind in 10 s')
  expect(doneAt).toBe(20_000)
})

const simulations = {
  short: fc.integer({ min: 1, max: 12 }),
  long: fc.integer({ min: 1, max: 30 }),
  before: fc.integer({ min: 0, max: 30 }),
  total: fc.integer({ min: 1, max: 60 }),
}

it('tells what really happens', () => {
  fc.assert(fc.property(fc.record(simulations), ({ short, long, before, total }) => {
    const state = emptyState()
    const own = readRules(`content=${short}/1,${long}/5`)
    const create = (key: string, now: number) => attempt(state, request(key, own, { content: 1 }, { maxDurationMs: 500 }), now)
    for (let n = 0; n < before; n++) create(`before ${n}`, 0)
    state.waiters = []
    const { doneAt } = forecast(state, own, backlog(total), 1)
    let last = 0
    const due = Array.from({ length: total }, (_, n) => ({ key: String(n), at: 1 }))
    while (due.length) {
      due.sort((a, b) => a.at - b.at)
      const next = due.shift()!
      const result = create(next.key, next.at)
      if (result.granted) last = next.at
      else due.push({ ...next, at: result.retryAt })
    }
    expect(Math.abs(doneAt! - last)).toBeLessThanOrEqual(0.02 * last + 20)
  }), { numRuns: 200 })
})
