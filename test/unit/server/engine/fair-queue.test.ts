import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { db } from '../../../../server/db/client.ts'
import { dispatchRuns, countQueuedBefore } from '../../../../server/engine/queries/fair-queue.ts'
import { insertRun } from '../../../../server/engine/queries/runs.ts'
import { sql, useDatabase } from '../support/database.ts'

useDatabase()
beforeEach(async () => {
  await sql`delete from job_executions`
})

async function queue(...actors: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const actor of actors) {
    const id = randomUUID()
    await db().transaction(tx => insertRun(tx, { id, workflow: 'prune', subjectId: randomUUID(), actor, items: [{ name: 'PRUNE_DEAD_JOBS', item: 'main' }] }))
    ids.push(id)
  }
  return ids
}
const call = async (all: number, each: number) => (await dispatchRuns({ all, each })).map(({ id }) => id)
const end = (ids: string[]) => sql`update job_executions set status = 'completed' where id = any(${ids}::uuid[])`

it('calls go round by actor, first come first served, each has its limit, and all together have one', async () => {
  const [a1, a2, a3, b1] = await queue('a', 'a', 'a', 'b') as [string, string, string, string]
  expect(await countQueuedBefore([a1, a2, a3, b1])).toEqual(new Map([[a1, 0], [b1, 1], [a2, 2], [a3, 3]]))
  expect(new Set(await call(3, 2))).toEqual(new Set([a1, b1, a2]))
  expect(await countQueuedBefore([a1, a3])).toEqual(new Map([[a3, 0]]))
  expect(await call(3, 2)).toEqual([])
  await end([b1])
  // There is room, but not for another of a's.
  expect(await call(3, 2)).toEqual([])
  const [c1] = await queue('c')
  expect(await call(3, 2)).toEqual([c1])
  await end([a1])
  expect(await call(3, 2)).toEqual([a3])
})

it('a run that waits for a person holds nobody up', async () => {
  const [first, second] = await queue('a', 'a')
  expect(await call(1, 1)).toEqual([first])
  await sql`update job_executions set status = 'waiting' where id = ${first!}`
  expect(await call(1, 1)).toEqual([second])
})

it('whoever calls at the same moment, each run is called once, and no actor has more under way than its share', async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }),
    async (actors, all, each) => {
      await sql`delete from job_executions`
      const ids = await queue(...actors)
      const called: string[] = []
      while (called.length < ids.length) {
        const now = (await Promise.all([1, 2, 3].map(() => call(all, each)))).flat()
        expect(now.length).toBeGreaterThan(0)
        expect(now.length).toBeLessThanOrEqual(all)
        const count = Map.groupBy(now, id => actors[ids.indexOf(id)])
        for (const [actor, own] of count) {
          expect(own.length).toBeLessThanOrEqual(each)
          // Nobody has two more than another who still waits.
          for (const other of new Set(actors)) if (ids.some((id, n) => actors[n] === other && !called.includes(id) && !now.includes(id)))
            expect(own.length - (count.get(other)?.length ?? 0), `${actor} before ${other}`).toBeLessThanOrEqual(1)
        }
        called.push(...now)
        await end(now)
      }
      expect(new Set(called).size).toBe(ids.length)
    }), { numRuns: 25 })
})
