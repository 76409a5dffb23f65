import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findBudget } from '../../../../server/rate-limits/queries.ts'
import { Teller } from '../../../../server/rate-limits/limiter.ts'
import type { Demand } from '../../../../server/rate-limits/state.ts'
import { until } from '../../../support/until.ts'
import { sql, useDatabase } from '../support/database.ts'

useDatabase()

const demand = (key: string, weight = 1, lastsMs = 20_000): Demand => ({ key, rules: [{ kind: 'content', limit: 30, ms: 60_000 }], weights: { content: weight }, calls: 1, lastsMs })
const draw = (teller: Teller, key: string, weight?: number) => teller.draw(demand(key, weight))
const keys = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`)
const usedOf = async (budget: string) => (await findBudget(budget))!.windows['content/60']!

describe('tellers of several processes on one budget', () => {
  it('never give out more than there is, however they draw at once', async () => {
    const id = randomUUID()
    const tellers = keys('process', 4).map(() => new Teller(id))
    const told = await Promise.all(tellers.flatMap((teller, process) => keys(`item of ${process}`, 20).map(async (key, n) => {
      // Some come in the same turn, others while a write is out.
      for (let turn = 0; turn < n % 5; turn++) await new Promise(resolve => setImmediate(resolve))
      return draw(teller, key)
    })))
    expect(told.filter(({ state }) => state === 'go')).toHaveLength(30)
    const waits = told.flatMap(one => one.state === 'wait' ? [one.waitMs] : [])
    expect(Math.min(...waits)).toBeGreaterThan(50_000)
    expect(Math.max(...waits), 'the last twenty have the window after the next').toBeGreaterThan(110_000)
  })

  it('hear of the answers of the others, and of what those said', async () => {
    const id = randomUUID()
    const [one, other] = [new Teller(id), new Teller(id)]
    const told = await draw(one, 'x')
    expect((await usedOf(id)).open).toHaveLength(1)
    if (told.state === 'go') one.settle(told.ticket, [{ closedForMs: { ms: 30_000, scope: 'all' } }])
    await until(async () => (await usedOf(id)).open.length === 0)
    const next = await draw(other, 'y')
    expect(next.state === 'wait' && next.waitMs).toBeGreaterThan(25_000)
  })

  it('write once for all that draw in one turn', async () => {
    const id = randomUUID()
    const teller = new Teller(id)
    await Promise.all(keys('x', 25).map(key => draw(teller, key)))
    expect((await sql`select version from rate_budgets where id = ${id}`)[0]!.version).toBe('1')
  })

  it('go on after the database was away, and forget no answer', async () => {
    const id = randomUUID()
    const teller = new Teller(id)
    const told = await draw(teller, 'x', 30)
    await sql`alter table rate_budgets rename to hidden`
    await expect(draw(teller, 'y')).rejects.toThrow()
    if (told.state === 'go') teller.settle(told.ticket, [])
    await expect(draw(teller, 'y')).rejects.toThrow()
    await sql`alter table hidden rename to rate_budgets`
    await until(async () => (await usedOf(id)).open.length === 0)
    const next = await draw(teller, 'y')
    expect(next.state === 'wait' && next.waitMs).toBeGreaterThan(50_000)
  })

  it('count nothing where nothing limits, until the provider asks one of them to wait', async () => {
    const id = randomUUID()
    const [one, other] = [new Teller(id), new Teller(id)]
    const free = (key: string): Demand => ({ key, rules: [], weights: { content: 1 }, calls: 1, lastsMs: 20_000 })
    const told = await Promise.all(keys('x', 50).map(key => one.draw(free(key))))
    expect(told.every(({ state }) => state === 'go')).toBe(true)
    const [first, second] = told.flatMap(one => one.state === 'go' ? [one.ticket] : [])
    one.settle(first!, [{}])
    expect(await findBudget(id)).toBeUndefined()
    one.settle(second!, [{ closedForMs: { ms: 30_000, scope: 'all' } }])
    await until(async () => (await other.draw(free('y'))).state === 'wait')
    await until(async () => (await one.draw(free('z'))).state === 'wait')
  })

  it('keep nothing by which the credential or the item can be known', async () => {
    const id = randomUUID()
    const teller = new Teller(id)
    for (const key of keys('secret item', 31)) await draw(teller, key)
    expect(JSON.stringify(await findBudget(id))).not.toContain('secret')
  })
})
