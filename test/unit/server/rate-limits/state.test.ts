import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Budget, type Demand, draw, emptyBudget, endProcess, settle, type Ticket } from '../../../../server/rate-limits/state.ts'
import { readRules, type Rule } from '../../../../server/lib/rate-limits/rules.ts'

const rule = (kind: string, limit: number, ms: number): Rule => ({ kind, limit, ms })
const demand = (key: string, rules: Rule[], weights: Record<string, number>, more: Partial<Demand> = {}): Demand => ({ key, rules, weights, calls: 1, lastsMs: 20_000, ...more })
const MINUTE = rule('content', 3, 60_000)
const one = (key: string, more: Partial<Demand> = {}) => demand(key, [MINUTE], { content: 1 }, more)
/** Draws and is answered at once. */
function call(budget: Budget, wanted: Demand, now: number): number | 'went' {
  const drawn = draw(budget, wanted, now)
  if (drawn.state === 'wait') return drawn.at
  settle(budget, drawn.ticket, [], now)
  return 'went'
}

describe('a budget', () => {
  it('gives what there is, and then says when there is more', () => {
    const budget = emptyBudget()
    expect([0, 10_000, 20_000].map(now => call(budget, one(`k${now}`), now))).toEqual(['went', 'went', 'went'])
    expect(call(budget, one('a'), 30_000)).toBe(60_000)
    expect(call(budget, one('b'), 30_000)).toBe(70_000 + 80)
    expect(call(budget, one('a'), 60_000)).toBe('went')
  })

  it('keeps the place of who was told to come back, also from those who come just then', () => {
    const budget = emptyBudget()
    for (const key of ['x', 'y', 'z']) call(budget, one(key), 0)
    for (const key of ['a', 'b', 'c']) expect(call(budget, one(key), 1_000)).toBe(60_000)
    expect(call(budget, one('newcomer'), 60_000)).toBe(120_000)
    for (const key of ['c', 'a', 'b']) expect(call(budget, one(key), 60_000)).toBe('went')
  })

  it('gives away the place of who does not come back', () => {
    const budget = emptyBudget()
    for (const key of ['x', 'y', 'z', 'gone']) call(budget, one(key), 0)
    expect(call(budget, one('next'), 60_000), 'two others fit').toBe('went')
    expect(call(budget, one('next'), 60_000)).toBe('went')
    expect(call(budget, one('late'), 60_000), 'the third place is kept').toBeGreaterThan(60_000)
    expect(call(budget, one('late'), 71_000)).toBe('went')
  })

  it('ends the calls that a dead process had out, and nobody else\'s', () => {
    const budget = emptyBudget()
    const unknown = { name: 'GET /users/@me/guilds', of: '' }
    for (const key of ['x', 'y']) draw(budget, one(key, { process: 'dead' }), 0)
    const living = draw(budget, one('z', { process: 'lives' }), 0)
    draw(budget, demand('route', [], {}, { process: 'dead', route: unknown }), 0)
    expect(call(budget, demand('next', [], {}, { route: unknown }), 900), 'while it may be out').toBe(1_000)
    endProcess(budget, 'dead', 500)
    expect(call(budget, demand('next', [], {}, { route: unknown }), 900)).toBe('went')
    expect(call(budget, one('a'), 4_000), 'the provider counted them at the latest when it died').toBe(60_500 + 100)
    if (living.state === 'go') settle(budget, living.ticket, [], 5_000)
    expect(call(budget, one('b'), 60_600)).toBe('went')
  })

  it('lets pass what fits beside those who wait for something else', () => {
    const budget = emptyBudget()
    const rules = [MINUTE, rule('points', 100, 60_000)]
    const write = (key: string) => demand(key, rules, { content: 1, points: 5 })
    for (const key of ['x', 'y', 'z', 'waits']) call(budget, write(key), 0)
    expect(call(budget, demand('read', rules, { points: 1 }), 1_000)).toBe('went')
  })

  it('counts a call that is out until its answer, and one that never ends as long as it could last', () => {
    const budget = emptyBudget()
    const out = ['x', 'y', 'z'].map(key => draw(budget, one(key, { lastsMs: 5_000 }), 0))
    settle(budget, (out[0] as { ticket: Ticket }).ticket, [], 3_000)
    expect(call(budget, one('a'), 62_000)).toBeGreaterThanOrEqual(63_000)
    expect(call(budget, one('a'), 63_000)).toBe('went')
    expect(call(budget, one('b'), 64_000)).toBeGreaterThanOrEqual(65_000)
    expect(call(budget, one('b'), 66_000)).toBe('went')
  })

  it('counts what is settled twice once', () => {
    const budget = emptyBudget()
    const [first, second] = ['x', 'y'].map(key => draw(budget, one(key), 0) as { ticket: Ticket })
    for (let n = 0; n < 3; n++) settle(budget, first!.ticket, [], 0)
    settle(budget, second!.ticket, [], 0)
    expect(call(budget, one('z'), 0)).toBe('went')
    expect(call(budget, one('a'), 0)).toBe(60_000)
  })

  it('lets so many out at once, and the next as soon as one is answered', () => {
    const budget = emptyBudget()
    const atOnce = (key: string) => demand(key, [rule('concurrent', 2, 0)], { concurrent: 1 })
    const [first] = ['x', 'y'].map(key => draw(budget, atOnce(key), 0) as { ticket: Ticket })
    expect(call(budget, atOnce('z'), 0)).toBe(100)
    settle(budget, first!.ticket, [], 10)
    expect(call(budget, atOnce('z'), 10)).toBe('went')
  })

  it('gives back what turned out to cost nothing', () => {
    const budget = emptyBudget()
    const invalid = (key: string) => demand(key, [rule('invalid', 1, 600_000)], { invalid: 1 })
    const draws = (key: string) => draw(budget, invalid(key), 0) as { ticket: Ticket }
    settle(budget, draws('x').ticket, [{ returns: ['invalid'] }], 0)
    settle(budget, draws('y').ticket, [{}], 0)
    expect(call(budget, invalid('z'), 1_000)).toBe(600_000)
  })
})

describe('what a provider says', () => {
  const free = (key: string, more: Partial<Demand> = {}) => demand(key, [], {}, more)
  const hear = (budget: Budget, wanted: Demand, news: object, now = 0) => settle(budget, (draw(budget, wanted, now) as { ticket: Ticket }).ticket, [news], now)

  it('closes everything for as long as it asks', () => {
    const budget = emptyBudget()
    hear(budget, free('x'), { closedForMs: { ms: 30_000, scope: 'all' } })
    expect(call(budget, free('y'), 1_000)).toBe(30_000)
    expect(call(budget, free('y'), 30_000)).toBe('went')
  })

  it('of what is left ends with its reset', () => {
    const budget = emptyBudget()
    hear(budget, free('x'), { quota: { left: 2, resetsAt: 50_000 } })
    expect([1, 2, 3].map(n => call(budget, free(`k${n}`), 1_000))).toEqual(['went', 'went', 50_000])
    expect(call(budget, free('k3'), 50_000)).toBe('went')
  })

  it('of what is left counts also what others use', () => {
    const budget = emptyBudget()
    hear(budget, free('x'), { quota: { left: 100, resetsAt: 50_000 } })
    hear(budget, free('y'), { quota: { left: 1, resetsAt: 50_000 } })
    expect([1, 2].map(n => call(budget, free(`k${n}`), 1_000))).toEqual(['went', 50_000])
  })

  it('of a bucket is learned from one call that goes ahead', () => {
    const budget = emptyBudget()
    const post = (key: string, of = '1') => free(key, { route: { name: 'POST /guilds/:id/roles', of } })
    const first = draw(budget, post('x'), 0) as { ticket: Ticket }
    expect(call(budget, post('y'), 0), 'nobody else before its answer').toBe(100)
    settle(budget, first.ticket, [{ bucket: { id: 'b', limit: 3, left: 2, resetsInMs: 10_000 } }], 50)
    expect([1, 2, 3].map(n => call(budget, post(`k${n}`), 60))).toEqual(['went', 'went', 10_050])
    expect(call(budget, post('other', '2'), 60), 'another server has its own').toBe('went')
  })

  it('of a bucket is asked for by another when the first gets no answer', () => {
    const budget = emptyBudget()
    const post = (key: string) => free(key, { route: { name: 'POST /x', of: '' } })
    draw(budget, post('hangs'), 0)
    expect(call(budget, post('x'), 900)).toBe(1_000)
    expect(call(budget, post('x'), 1_000)).toBe('went')
  })

  it('of a bucket that others use is heard', () => {
    const budget = emptyBudget()
    const post = (key: string) => free(key, { route: { name: 'POST /x', of: '' } })
    hear(budget, post('x'), { bucket: { id: 'b', limit: 10, left: 1, resetsInMs: 5_000 } })
    expect([1, 2].map(n => call(budget, post(`k${n}`), 1_000))).toEqual(['went', 5_000])
  })

  it('of a route without a bucket frees it', () => {
    const budget = emptyBudget()
    const post = (key: string) => free(key, { route: { name: 'POST /x', of: '' } })
    hear(budget, post('x'), { bucket: null })
    expect([1, 2, 3].map(n => call(budget, post(`k${n}`), 1))).toEqual(['went', 'went', 'went'])
  })
})

/** Callers that come, draw, are answered some time later, and come back when they are told to, more or less. */
const callers = fc.array(fc.record({
  at: fc.integer({ min: 0, max: 3_000 }),
  takes: fc.integer({ min: 0, max: 400 }),
  late: fc.integer({ min: 0, max: 300 }),
  content: fc.constantFrom(0, 1, 1, 2),
  dies: fc.constantFrom(false, false, false, false, true),
}), { minLength: 1, maxLength: 40 })
const limits = fc.record({ short: fc.integer({ min: 2, max: 8 }), long: fc.integer({ min: 4, max: 20 }), points: fc.integer({ min: 10, max: 40 }), atOnce: fc.integer({ min: 1, max: 6 }) })
const LASTS = 500

interface Gone { at: number, ends: number, content: number, points: number }

/** Plays it in time. @returns the calls that went, and the budget at the end */
function play(all: (typeof callers extends fc.Arbitrary<infer T> ? T : never), rules: Rule[]): Gone[] {
  const budget = emptyBudget()
  const gone: Gone[] = []
  const due = all.map((caller, n) => ({ ...caller, n, what: 'draw' as 'draw' | 'answer', ticket: undefined as Ticket | undefined }))
  while (due.length) {
    due.sort((a, b) => a.at - b.at || a.n - b.n)
    const next = due.shift()!
    if (next.what === 'answer') {
      settle(budget, next.ticket!, [], next.at)
      continue
    }
    const weights = { content: next.content, points: next.content ? 5 : 1, concurrent: 1 }
    const drawn = draw(budget, demand(String(next.n), rules, weights, { lastsMs: LASTS }), next.at)
    if (drawn.state === 'wait') {
      expect(drawn.at).toBeGreaterThan(next.at)
      due.push({ ...next, at: drawn.at + next.late })
      continue
    }
    const ends = next.at + (next.dies ? LASTS : next.takes)
    gone.push({ at: next.at, ends, content: next.content, points: weights.points })
    if (!next.dies) due.push({ ...next, at: ends, what: 'answer', ticket: drawn.ticket })
  }
  return gone
}

describe('any callers in any order', () => {
  const rulesOf = ({ short, long, points, atOnce }: { short: number, long: number, points: number, atOnce: number }) =>
    [rule('content', short, 1_000), rule('content', long, 5_000), rule('points', points, 1_000), rule('concurrent', atOnce, 0)]

  it('never exceed a limit in any window, whenever between draw and answer the provider counts a call', () => {
    fc.assert(fc.property(callers, limits, fc.float({ min: 0, max: 1, noNaN: true }), (all, limit, share) => {
      const calls = play(all, rulesOf(limit)).map(({ at, ends, ...call }, n) => ({ ...call, at, ends, counted: at + (ends - at) * (n % 2 ? share : 1 - share) }))
      for (const { counted } of calls) {
        const within = (ms: number) => calls.filter(call => call.counted <= counted && call.counted > counted - ms)
        const total = (ms: number, of: 'content' | 'points') => within(ms).reduce((sum, call) => sum + call[of], 0)
        expect(total(1_000, 'content')).toBeLessThanOrEqual(limit.short)
        expect(total(5_000, 'content')).toBeLessThanOrEqual(limit.long)
        expect(total(1_000, 'points')).toBeLessThanOrEqual(limit.points)
        expect(calls.filter(call => call.at <= counted && call.ends > counted).length).toBeLessThanOrEqual(limit.atOnce)
      }
    }), { numRuns: 300 })
  })

  it('all get through in the end', () => {
    fc.assert(fc.property(callers, limits, (all, limit) => {
      expect(play(all, rulesOf(limit))).toHaveLength(all.length)
    }), { numRuns: 200 })
  })

  it('never leave room unused that somebody waits for: a backlog is done as soon as the limit allows', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 10 }), (many, limit) => {
      const calls = play(Array.from({ length: many }, () => ({ at: 0, takes: 0, late: 0, content: 1, dies: false })), [rule('content', limit, 1_000)])
      // So many at once each second, each window later by no more than its grain.
      const windows = Math.ceil(many / limit) - 1
      expect(calls.at(-1)!.at).toBeLessThanOrEqual(windows * 1_010)
    }))
  })

  it('are served in the order in which they came', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 5 }), (many, limit) => {
      const budget = emptyBudget()
      const rules = [rule('content', limit, 1_000)]
      const times = Array.from({ length: many }, (_, n) => {
        const drawn = draw(budget, demand(String(n), rules, { content: 1 }), n)
        if (drawn.state === 'go') settle(budget, drawn.ticket, [], n)
        return drawn.state === 'go' ? n : drawn.at
      })
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }))
  })
})

describe('limits in the environment', () => {
  it('are read with their windows', () => {
    expect(readRules('content=80/60,500/3600 concurrent=100', 'GITHUB_LIMITS')).toEqual([
      { kind: 'content', limit: 80, ms: 60_000 }, { kind: 'content', limit: 500, ms: 3_600_000 }, { kind: 'concurrent', limit: 100, ms: 0 }])
    expect(readRules('none', 'GITHUB_LIMITS')).toEqual([])
  })

  it.each(['content', 'content=', 'content=80/', 'content=x/60', '=80/60'])('that cannot be read name their variable: %s', (text) => {
    expect(() => readRules(text, 'GITHUB_LIMITS')).toThrow(expect.objectContaining({ code: 'MISSING_CONFIGURATION', message: expect.stringContaining('GITHUB_LIMITS') }))
  })
})
