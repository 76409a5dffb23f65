import { beforeEach, expect, it } from 'vitest'
import { lastTick, startScheduled, startTick } from '../../../../server/engine/schedule.ts'
import { INSTALLATION_ID } from '../../../../server/engine/subjects.ts'
import { until } from '../../../support/until.ts'
import { sql, useDatabase } from '../support/database.ts'
import { record, rowOf } from '../support/runs.ts'
import { execute, executionState, useRuntime } from '../support/runtime.ts'
import { newWorkflow } from '../support/workflows.ts'

useDatabase()
useRuntime()
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

it('each tick starts one run, however many processes ask, and missed ticks start one run together', async () => {
  await startScheduled(new Date('2026-03-01T12:00:00Z'))
  expect(await runs()).toBe(0)
  const tick = new Date('2026-03-05T03:30:00Z')
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => startTick('prune', tick)))
  expect(outcomes.filter(outcome => outcome.status === 'fulfilled' && outcome.value === 'started')).toHaveLength(1)
  expect(await runs()).toBe(1)
  // An earlier run is still active: this tick is taken after it.
  expect(await startTick('prune', new Date('2026-03-06T03:30:00Z'))).toBe('busy')
  await sql`update job_executions set status = 'completed'`
  expect(await startTick('prune', new Date('2026-03-04T03:30:00Z'))).toBe('done')
  await startScheduled(new Date('2026-03-20T12:00:00Z'))
  await startScheduled(new Date('2026-03-20T12:01:00Z'))
  expect(await runs()).toBe(2)
})

it('a tick ends the execution of the run that it replaces', async () => {
  const workflow = newWorkflow({ schedule: '0 * * * *', concurrency: { policy: 'replace' } })
  const first = await record(workflow, { subjectId: INSTALLATION_ID })
  const execution = await execute({ runId: first, workflow })
  expect(await startTick(workflow, new Date('2026-03-05T03:00:00Z'))).toBe('started')
  expect(await rowOf(first)).toMatchObject({ status: 'cancelled', supersededBy: expect.any(String) })
  await until(async () => await executionState(execution) === 'cancelled', { patience: 10_000 })
})
