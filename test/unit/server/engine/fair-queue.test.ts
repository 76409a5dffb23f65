import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { db } from '../../../../server/db/client.ts'
import { dispatchRuns, countQueuedBefore } from '../../../../server/engine/queries/fair-queue.ts'
import { recordRun } from '../../../../server/engine/record.ts'
import { sql, useDatabase } from '../support/database.ts'

useDatabase()
beforeEach(async () => {
  await sql`delete from job_executions`
})

async function queue(...actors: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const actor of actors) {
    const outcome = await db().transaction(tx => recordRun(tx, { workflow: 'prune', subjectId: randomUUID(), actor }))
    if (outcome.state === 'recorded') ids.push(outcome.runId)
  }
  return ids
}
const dispatch = async (all: number, each: number) => (await dispatchRuns({ all, each })).map(({ id }) => id)
const end = (ids: string[]) => sql`update job_executions set status = 'completed' where id = any(${ids}::uuid[])`

it('dispatches actors in turn, each in the order of its requests, within the limit of each and of all together', async () => {
  const [a1, a2, a3, b1] = await queue('a', 'a', 'a', 'b') as [string, string, string, string]
  expect(await countQueuedBefore([a1, a2, a3, b1])).toEqual(new Map([[a1, 0], [b1, 1], [a2, 2], [a3, 3]]))
  expect(new Set(await dispatch(3, 2))).toEqual(new Set([a1, b1, a2]))
  expect(await countQueuedBefore([a1, a3])).toEqual(new Map([[a3, 0]]))
  expect(await dispatch(3, 2)).toEqual([])
  await end([b1])
  // There is room, but not for another run of a.
  expect(await dispatch(3, 2)).toEqual([])
  const [c1] = await queue('c')
  expect(await dispatch(3, 2)).toEqual([c1])
  await end([a1])
  expect(await dispatch(3, 2)).toEqual([a3])
})

it('does not count a run that waits for a person', async () => {
  const [first, second] = await queue('a', 'a')
  expect(await dispatch(1, 1)).toEqual([first])
  await sql`update job_executions set status = 'waiting' where id = ${first!}`
  expect(await dispatch(1, 1)).toEqual([second])
})

it('dispatches each run once and gives no actor more than its share, however many processes dispatch at once', async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }),
    async (actors, all, each) => {
      await sql`delete from job_executions`
      const ids = await queue(...actors)
      const dispatched: string[] = []
      while (dispatched.length < ids.length) {
        const now = (await Promise.all([1, 2, 3].map(() => dispatch(all, each)))).flat()
        expect(now.length).toBeGreaterThan(0)
        expect(now.length).toBeLessThanOrEqual(all)
        const count = Map.groupBy(now, id => actors[ids.indexOf(id)])
        const isQueued = (actor: string) => ids.some((id, n) => actors[n] === actor && !dispatched.includes(id) && !now.includes(id))
        for (const [actor, own] of count) {
          expect(own.length).toBeLessThanOrEqual(each)
          // No actor has two more than another one that has runs in the queue.
          for (const other of new Set(actors).values().filter(isQueued))
            expect(own.length - (count.get(other)?.length ?? 0), `${actor} before ${other}`).toBeLessThanOrEqual(1)
        }
        dispatched.push(...now)
        await end(now)
      }
      expect(new Set(dispatched).size).toBe(ids.length)
    }), { numRuns: 25 })
})
