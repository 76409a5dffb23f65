import fc from 'fast-check'
import { expect, it } from 'vitest'
import { draw, emptyBudget, settle } from '../../../../server/rate-limits/state.ts'
import { forecast } from '../../../../server/rate-limits/forecast.ts'
import { say } from '../../../../server/rate-limits/refusal.ts'
import { readRules } from '../../../../server/lib/rate-limits/rules.ts'

const rules = readRules('content=80/60,500/3600', 'GITHUB_LIMITS')
const all = (things: number) => ({ things, mostOfARoute: things })

it('tells the timestamptz at which a backlog is done, by the rule that holds it up most', () => {
  expect(forecast(emptyBudget(), rules, all(80), 0)).toMatchObject({ doneAt: 0 })
  expect(forecast(emptyBudget(), rules, all(180), 0)).toEqual({ rule: rules[0], doneAt: 120_000 })
  const long = forecast(emptyBudget(), rules, all(600), 0)
  expect(say('GITHUB', long.rule!)).toBe('GitHub allows 500 new things an hour')
  expect(long.doneAt).toBe(3_660_000)
})

it('waits for what the provider has closed', () => {
  expect(forecast({ ...emptyBudget(), closed: { '*': 30_000 } }, rules, all(10), 0).doneAt).toBe(30_000)
  expect(forecast({ ...emptyBudget(), quota: { left: 0, resetsAt: 50_000 } }, rules, all(10), 0).doneAt).toBe(50_000)
})

it('knows nothing where nothing limits', () => {
  expect(forecast(emptyBudget(), [], all(10), 0)).toEqual({})
})

it('tells of the buckets that were learned', () => {
  const budget = emptyBudget()
  const first = draw(budget, { key: 'x', rules: [], weights: {}, calls: 1, lastsMs: 1_000, route: { name: 'POST /guilds/:id/roles', of: '1' } }, 0)
  if (first.state === 'go') settle(budget, first.ticket, [{ bucket: { id: 'b', limit: 5, left: 4, resetsInMs: 10_000 } }], 0)
  const { rule, doneAt } = forecast(budget, [], { things: 90, mostOfARoute: 12 }, 0)
  expect(say('DISCORD', rule!)).toBe('Discord allows 5 calls of a kind in 10 s')
  expect(doneAt).toBe(20_000)
})

it('foretells what really happens', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 60 }), (short, long, before, many) => {
    const budget = emptyBudget()
    const own = readRules(`content=${short}/1,${long}/5`, 'GITHUB_LIMITS')
    const one = (key: string, now: number) => {
      const drawn = draw(budget, { key, rules: own, weights: { content: 1 }, calls: 1, lastsMs: 500 }, now)
      if (drawn.state === 'go') settle(budget, drawn.ticket, [], now)
      return drawn
    }
    for (let n = 0; n < before; n++) one(`before ${n}`, 0)
    budget.places = []
    const { doneAt } = forecast(budget, own, all(many), 1)
    let last = 0
    const due = Array.from({ length: many }, (_, n) => ({ key: String(n), at: 1 }))
    while (due.length) {
      due.sort((a, b) => a.at - b.at)
      const next = due.shift()!
      const drawn = one(next.key, next.at)
      if (drawn.state === 'go') last = next.at
      else due.push({ ...next, at: drawn.at })
    }
    expect(Math.abs(doneAt! - last)).toBeLessThanOrEqual(0.02 * last + 20)
  }), { numRuns: 200 })
})
