import fc from 'fast-check'
import { expect, it } from 'vitest'
import { claimRunRow, settleRunRow } from '../../../../server/engine/queries/runs.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

/** A run that was started several times, by the request, by the watchdog or after crashes, is executed once. */
useDatabase()

type Event = { kind: 'claim', executions: number[] } | { kind: 'wait' | 'resume' | 'settle' }

const claims = fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }).map(executions => ({ kind: 'claim' as const, executions }))
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: claims },
  { weight: 1, arbitrary: fc.constantFrom<Event>({ kind: 'wait' }, { kind: 'resume' }, { kind: 'settle' }) },
)

it('of any number of executions one at most ever has a run, and none has a run that ended', async () => {
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
    const run = await newRun()
    const { runId } = run
    const execution = (n: number) => `${runId}-${n}`
    let owner: number | undefined
    let isOver = false
    for (const event of events) {
      if (event.kind === 'wait') await sql`update job_executions set status = 'waiting' where id = ${runId} and status = 'running'`
      if (event.kind === 'resume') await sql`update job_executions set status = 'running' where id = ${runId} and status = 'waiting'`
      if (event.kind === 'settle') {
        await settleRunRow(runId, null)
        isOver = true
      }
      if (event.kind !== 'claim') continue
      const claimed = await Promise.all(event.executions.map(async n => ({ n, claim: (await claimRunRow(runId, execution(n)))?.run })))
      const owners = new Set(claimed.filter(({ claim }) => claim).map(({ n }) => n))
      if (isOver) {
        expect(owners.size).toBe(0)
        continue
      }
      owner ??= [...owners][0]
      expect([...owners].filter(n => n !== owner), 'second owners').toEqual([])
      // It may claim the run again, after a crash, any number of times.
      for (const { n, claim } of claimed) expect(claim).toEqual(n === owner ? { ...run, requestId: null } : undefined)
    }
  }), { numRuns: 40 })
})
