import fc from 'fast-check'
import { expect, it } from 'vitest'
import { claimRun, setRunStatus, settleRun } from '../../../../server/engine/queries/runs.ts'
import { newRun, useDatabase } from '../support/database.ts'

/** A run that was started many times, by the request, by the watchdog, after crashes, runs once. */
useDatabase()

type Event = { kind: 'claim', executions: number[] } | { kind: 'wait' | 'go on' | 'settle' }

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }).map(executions => ({ kind: 'claim' as const, executions })) },
  { weight: 1, arbitrary: fc.constantFrom<Event>({ kind: 'wait' }, { kind: 'go on' }, { kind: 'settle' }) },
)

it('at most one of any number of executions ever has a run, and nobody has one that ended', async () => {
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
    const { runId, subjectId } = await newRun()
    const name = (n: number) => `${runId}-${n}`
    let owner: number | undefined
    let isOver = false
    for (const event of events) {
      if (event.kind === 'wait') await setRunStatus(runId, 'waiting')
      if (event.kind === 'go on') await setRunStatus(runId, 'running')
      if (event.kind === 'settle') {
        await settleRun(runId, null)
        isOver = true
      }
      if (event.kind !== 'claim') continue
      const claimed = await Promise.all(event.executions.map(async n => ({ n, claim: await claimRun(runId, name(n)) })))
      const owners = new Set(claimed.filter(({ claim }) => claim).map(({ n }) => n))
      if (isOver) {
        expect(owners.size).toBe(0)
        continue
      }
      owner ??= [...owners][0]
      expect([...owners].filter(n => n !== owner), 'second owners').toEqual([])
      // It may claim the run again, after a crash, as often as it likes.
      for (const { n, claim } of claimed) expect(claim).toEqual(n === owner ? { subjectId } : undefined)
    }
  }), { numRuns: 40 })
})
