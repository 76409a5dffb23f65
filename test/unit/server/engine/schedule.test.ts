import { beforeEach, expect, it, vi } from 'vitest'
import { sql, useDatabase } from '../support/database.ts'

vi.mock('../../../../server/workflows/start.ts', () => ({ dispatchDue: () => Promise.resolve() }))
const { lastTick, startScheduled, startTick } = await import('../../../../server/engine/schedule.ts')

useDatabase()
beforeEach(async () => {
  await sql`delete from job_executions`
})
const runs = async () => (await sql`select * from job_executions`).length

it('the last tick is the latest at or before a moment, in UTC', () => {
  const at = (time: string) => lastTick('prune', new Date(time)).toISOString()
  expect(at('2026-03-01T03:29:59.999Z')).toBe('2026-02-28T03:30:00.000Z')
  expect(at('2026-03-01T03:30:00.000Z')).toBe('2026-03-01T03:30:00.000Z')
  expect(at('2026-03-29T12:00:00.000Z')).toBe('2026-03-29T03:30:00.000Z')
})

it('each tick starts once, however many ask, and missed ones start one run', async () => {
  await startScheduled(new Date('2026-03-01T12:00:00Z'))
  expect(await runs()).toBe(0)
  const tick = new Date('2026-03-05T03:30:00Z')
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => startTick('prune', tick)))
  expect(outcomes.filter(outcome => outcome.status === 'fulfilled' && outcome.value === 'started')).toHaveLength(1)
  expect(await runs()).toBe(1)
  // An earlier one is still under way: its turn comes after that.
  expect(await startTick('prune', new Date('2026-03-06T03:30:00Z'))).toBe('busy')
  await sql`update job_executions set status = 'completed'`
  expect(await startTick('prune', new Date('2026-03-04T03:30:00Z'))).toBe('done')
  await startScheduled(new Date('2026-03-20T12:00:00Z'))
  await startScheduled(new Date('2026-03-20T12:01:00Z'))
  expect(await runs()).toBe(2)
})
