import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cancelRun } from '../../../../server/engine/cancel.ts'
import { retryRun } from '../../../../server/engine/retry.ts'
import { settleRunRow } from '../../../../server/engine/queries/runs.ts'
import { attempt } from '../../../../server/ledger/index.ts'
import { until } from '../../../support/until.ts'
import { sql, useDatabase } from '../support/database.ts'
import { createRepo, loseRepo } from '../support/resources.ts'
import { end, record, refOf, rowOf } from '../support/runs.ts'
import { execute, executionState, useRuntime } from '../support/runtime.ts'
import { newWorkflow } from '../support/workflows.ts'

/** Retry and rollback follow the chain of a run, whatever other runs of its subject do. */
useDatabase()
useRuntime()

const group = 'retries'
const undo = newWorkflow({
  concurrency: { policy: 'reject', group }, steps: [{ name: 'PREPARE' }, { name: 'REMOVE_REPOS', removes: 'REPO' }],
})
const make = newWorkflow({
  concurrency: { policy: 'reject', group }, rollback: undo, input: z.strictObject({ title: z.string() }),
  steps: [{ name: 'FIRST' }, { name: 'SECOND' }],
})
const unrelated = newWorkflow({ concurrency: { policy: 'reject' } })

let subjectId: string
beforeEach(async () => {
  subjectId = randomUUID()
  // Those of earlier tests would count against the limits of the queue.
  await sql`update job_executions set status = 'completed' where status in ('pending', 'running', 'waiting')`
})

const start = () => record(make, { subjectId, input: { title: 'A title' } })

async function retry(runId: string): Promise<string> {
  const outcome = await retryRun(runId, 'a-key')
  if (outcome.state !== 'retrying') throw new Error(`The run was not retried: ${JSON.stringify(outcome)}`)
  return outcome.runId
}

/** Cancels a run and has what its chain created rolled back. @returns the id of the rollback */
async function rollBack(runId: string): Promise<string> {
  const outcome = await cancelRun(runId, { actor: 'owner', request: 'cancel', body: {}, rollback: true })
  if (outcome.state !== 'cancelled') throw new Error(`The run was not cancelled: ${JSON.stringify(outcome)}`)
  return outcome.rolledBackBy!
}

const itemsOf = async (runId: string) => [...await sql`
  select name, item, status, attempts, result from provisioning_steps where run_id = ${runId} order by position`]
const removedBy = async (runId: string) =>
  (await itemsOf(runId)).filter(({ name }) => name === 'REMOVE_REPOS').map(({ item }) => item as string)

describe('a retry', () => {
  it('is a new run of the chain: with the same input, what is done, and what is left', async () => {
    const first = await start()
    await attempt(await refOf(first), 'FIRST', 'main', () => Promise.resolve('made'))
    await end(first, 'failed')
    const second = await retry(first)
    expect(await rowOf(second)).toMatchObject({
      workflow: make, subjectId, actor: 'a-key', input: { title: 'A title' }, output: null,
      rootRunId: first, retryOf: first, rollbackOf: null, concurrencyGroup: group,
    })
    expect(await itemsOf(second)).toMatchObject([
      { name: 'FIRST', status: 'completed', attempts: 1, result: 'made' }, { name: 'SECOND', status: 'pending', attempts: 0 },
    ])
    await end(second, 'failed')
    expect(await rowOf(await retry(second))).toMatchObject({ rootRunId: first, retryOf: second })
  })

  it('of a run that was rolled back does everything again', async () => {
    const first = await start()
    await attempt(await refOf(first), 'FIRST', 'main', () => Promise.resolve('made'))
    await end(await rollBack(first))
    expect(await itemsOf(await retry(first))).toMatchObject([
      { name: 'FIRST', status: 'pending', attempts: 0, result: null }, { name: 'SECOND', status: 'pending' },
    ])
  })

  it.each(['pending', 'running', 'waiting', 'completed'] as const)('of a run that is %s is refused', async (status) => {
    const runId = await start()
    await end(runId, status)
    expect(await retryRun(runId, 'owner')).toEqual({ state: 'refused', reason: 'not-failed', status, by: undefined })
  })

  it('of a run that is not there is none', async () => {
    expect(await retryRun(randomUUID(), 'owner')).toEqual({ state: 'none' })
  })

  it('of a run that was retried already is refused, and names the retry', async () => {
    const first = await start()
    await end(first, 'failed')
    const second = await retry(first)
    for (const status of ['running', 'failed', 'completed'] as const) {
      await end(second, status)
      expect(await retryRun(first, 'owner')).toMatchObject({ state: 'refused', reason: 'superseded', by: second })
    }
  })

  it('is recorded once, of many that are asked for at the same moment', async () => {
    const runId = await start()
    await end(runId, 'failed')
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => retryRun(runId, 'owner')))
    expect(outcomes.filter(({ state }) => state === 'retrying')).toHaveLength(1)
    expect(await sql`select from job_executions where retry_of = ${runId}`).toHaveLength(1)
  })

  it('is refused while another run of the group is active on the subject, and not because of other runs', async () => {
    const runId = await start()
    await end(runId, 'failed')
    const other = await record(undo, { subjectId })
    await end(other, 'running')
    expect(await retryRun(runId, 'owner')).toMatchObject({ state: 'refused', reason: 'busy', status: 'running' })
    await end(other)
    await record(unrelated, { subjectId })
    expect(await retryRun(runId, 'owner')).toMatchObject({ state: 'retrying' })
  })

  it('is no matter of newer runs of the same workflow, which are a chain of their own', async () => {
    const runId = await start()
    await end(runId, 'failed')
    await end(await start())
    expect(await rowOf(await retry(runId))).toMatchObject({ rootRunId: runId, retryOf: runId })
  })
})

describe('a retry under another policy', () => {
  it('waits where the policy is "queue"', async () => {
    const workflow = newWorkflow({ concurrency: { policy: 'queue' } })
    const first = await record(workflow, { subjectId })
    await end(first, 'failed')
    const second = await record(workflow, { subjectId })
    expect(await rowOf(await retry(first))).toMatchObject({ isBehind: true, dispatchedAt: null })
    expect(await rowOf(second)).toMatchObject({ isBehind: false })
  })

  it('of a superseded run is refused where the policy is "replace", and names the newer run', async () => {
    const workflow = newWorkflow({ concurrency: { policy: 'replace' } })
    const first = await record(workflow, { subjectId })
    const second = await record(workflow, { subjectId })
    for (const status of ['running', 'failed'] as const) {
      await end(second, status)
      expect(await retryRun(first, 'owner')).toEqual({ state: 'refused', reason: 'superseded', status: 'cancelled', by: second })
    }
  })

  it('ends the execution of the run that it replaces', async () => {
    const workflow = newWorkflow({ concurrency: { policy: 'replace' } })
    const first = await record(workflow, { subjectId })
    await end(first, 'failed')
    const second = await record(workflow, { subjectId })
    const execution = await execute({ runId: second, workflow })
    const third = await retry(first)
    expect(await rowOf(second)).toMatchObject({ status: 'cancelled', supersededBy: third })
    await until(async () => await executionState(execution) === 'cancelled', { patience: 10_000 })
  })
})

describe('a rollback', () => {
  it('has the resources of its own chain, the newest first, and none that other runs made for the subject', async () => {
    const first = await start()
    await createRepo(await refOf(first), 'of the first run')
    await loseRepo(await refOf(first), 'lost by the first run')
    await end(first, 'failed')
    const other = await record(unrelated, { subjectId })
    await createRepo(await refOf(other), 'of an unrelated run')
    await end(other)
    const earlier = await start()
    await createRepo(await refOf(earlier), 'of another chain')
    await end(earlier)
    const second = await retry(first)
    await createRepo(await refOf(second), 'of the retry')
    const rollback = await rollBack(second)
    expect(await rowOf(rollback)).toMatchObject({ workflow: undo, rootRunId: first, rollbackOf: second, retryOf: null, isBehind: false })
    expect(await removedBy(rollback)).toEqual(['lost by the first run', 'of the retry', 'of the first run'])
    expect((await itemsOf(rollback))[0]).toMatchObject({ name: 'PREPARE', item: 'main' })
  })

  it('leaves a resource that a run of another chain has created again', async () => {
    const first = await start()
    await loseRepo(await refOf(first), 'a repository')
    await end(first, 'failed')
    const other = await start()
    await createRepo(await refOf(other), 'a repository')
    await end(other)
    expect(await removedBy(await rollBack(await retry(first)))).toEqual([])
  })

  it('is recorded with the cancel or not at all, once of many that are asked for', async () => {
    const runId = await start()
    const asked = { actor: 'owner', request: 'cancel', body: {}, rollback: true }
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => cancelRun(runId, asked)))
    expect(outcomes.filter(({ state }) => state === 'cancelled')).toHaveLength(1)
    expect(outcomes.filter(({ state }) => state === 'refused')).toHaveLength(5)
    expect(await sql`select from job_executions where rollback_of = ${runId}`).toHaveLength(1)
  })

  it('comes before the runs that wait behind the cancelled one', async () => {
    const concurrency = { policy: 'queue', group: 'rolled back' } as const
    const undoing = newWorkflow({ concurrency, steps: [{ name: 'REMOVE_REPOS', removes: 'REPO' }] })
    const workflow = newWorkflow({ concurrency, rollback: undoing })
    const [first, second] = [await record(workflow, { subjectId }), await record(workflow, { subjectId })]
    const rollback = await rollBack(first)
    expect(await rowOf(rollback)).toMatchObject({ isBehind: false })
    await until(async () => (await rowOf(rollback)).dispatchedAt !== null)
    expect(await rowOf(second)).toMatchObject({ isBehind: true, dispatchedAt: null })
  })

  it('of a workflow without one is refused, and the run goes on', async () => {
    const runId = await record(unrelated, { subjectId })
    expect(await cancelRun(runId, { actor: 'owner', request: 'cancel', body: {}, rollback: true })).toEqual({ state: 'cannot-roll-back' })
    expect(await rowOf(runId)).toMatchObject({ status: 'pending' })
  })
})

describe('a retry of a rollback', () => {
  /** A run that created something, and its rollback, which failed. */
  async function failedRollback() {
    const cancelled = await start()
    await createRepo(await refOf(cancelled), 'a repository')
    const rollback = await rollBack(cancelled)
    await settleRunRow(rollback, { code: 'UNEXPECTED', message: 'm', why: 'w', fix: 'f' })
    return { cancelled, rollback }
  }

  it('has what is left to remove', async () => {
    const { cancelled, rollback } = await failedRollback()
    const second = await retry(rollback)
    expect(await rowOf(second)).toMatchObject({ workflow: undo, rootRunId: cancelled, retryOf: rollback, rollbackOf: cancelled })
    expect(await removedBy(second)).toEqual(['a repository'])
  })

  it('is refused when a later run of the chain works with what was created, and names that run', async () => {
    const { cancelled, rollback } = await failedRollback()
    const later = await retry(cancelled)
    await createRepo(await refOf(later), 'another repository')
    await end(later, 'failed')
    expect(await retryRun(rollback, 'owner')).toMatchObject({ state: 'refused', reason: 'superseded', by: later })
  })

  it('is not refused because of a newer run of its subject that is no part of its chain', async () => {
    const { rollback } = await failedRollback()
    const newer = await start()
    await createRepo(await refOf(newer), 'of another chain')
    await end(newer)
    await end(await record(unrelated, { subjectId }))
    expect(await removedBy(await retry(rollback))).toEqual(['a repository'])
  })
})
