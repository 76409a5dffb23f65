import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { NewAction } from '../../../../server/ledger/queries/actions.ts'
import { RefusalCounter } from '../../../../server/ledger/refusals.ts'

const refused = (more: Partial<NewAction> = {}): NewAction => ({
  entryId: randomUUID(), at: new Date(), requestId: 'one', actor: 'wrong-key', actorName: 'With a wrong key', address: '10.0.0.1',
  action: 'listCourses', subjectId: randomUUID(), status: 401, code: 'NOT_SIGNED_IN', ...more,
})
/** How many of so many are written at once. */
const written = (counter: RefusalCounter, times: number, isStranger: boolean, of: (n: number) => NewAction = () => refused()) =>
  Array.from({ length: times }, (_, n) => counter.admits(of(n), isStranger)).filter(Boolean).length

describe('refused requests', () => {
  it('of one address get five entries a minute; all others are counted in one', () => {
    const counter = new RefusalCounter()
    expect(written(counter, 1_000, true)).toBe(5)
    const counted = counter.takeCounted()
    expect(counted).toMatchObject([{ address: '10.0.0.1', action: 'listCourses', count: 995, requestId: null, subjectId: null }])
    expect(counter.takeCounted()).toEqual([])
    expect(written(counter, 1_000, true), 'in the next minute').toBe(5)
  })

  it('of any number of addresses get some hundred entries, and none is lost', () => {
    const counter = new RefusalCounter()
    const entries = written(counter, 10_000, true, n => refused({ address: `10.0.${n >> 8}.${n & 255}` }))
    const counted = counter.takeCounted()
    expect(entries).toBe(100)
    expect(counted.length).toBeLessThanOrEqual(201)
    expect(entries + counted.reduce((sum, { count }) => sum + count!, 0)).toBe(10_000)
    expect(counted.map(({ address }) => address)).toContain('many')
  })

  it('of a key leave those of others their entries, and are counted by what was refused', () => {
    const counter = new RefusalCounter()
    const of = (actor: string, action: string) => () => refused({ actor, action, status: 409, code: 'RUN_ACTIVE' })
    expect(written(counter, 100, false, of('key-1', 'retryRun'))).toBe(60)
    expect(written(counter, 10, false, of('key-1', 'cancelRun'))).toBe(0)
    expect(written(counter, 10, false, of('key-2', 'retryRun'))).toBe(10)
    expect(counter.takeCounted().map(({ actor, action, count }) => [actor, action, count]))
      .toEqual([['key-1', 'retryRun', 40], ['key-1', 'cancelRun', 10]])
  })
})
