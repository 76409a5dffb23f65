import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { db, driver } from '../../../../server/db/client.ts'
import { dispatchRuns } from '../../../../server/engine/queries/fair-queue.ts'
import { findActiveRun, keepFromReplacement } from '../../../../server/engine/queries/runs.ts'
import { recordRun } from '../../../../server/engine/record.ts'
import { sql, useDatabase } from '../support/database.ts'
import { ask, end, record, rowOf } from '../support/runs.ts'
import { newWorkflow } from '../support/workflows.ts'

/** What happens to a run when another run of its group is active on its subject. */
useDatabase()

let subjectId: string
beforeEach(async () => {
  await sql`delete from job_executions`
  subjectId = randomUUID()
})

const withPolicy = (policy: 'reject' | 'join' | 'queue' | 'replace', group?: string) => newWorkflow({ concurrency: { policy, group } })
const dispatch = async () => (await dispatchRuns({ all: 100, each: 100 })).map(({ id }) => id)
const start = (runId: string) => sql`update job_executions set status = 'running', runtime_run_id = ${`of ${runId}`} where id = ${runId}`
const active = ['pending', 'running', 'waiting'] as const

describe.each(['reject', 'join', 'queue', 'replace'] as const)('a run whose policy is "%s"', (policy) => {
  it('is recorded when nothing is active: with its items, and what the configuration says about them', async () => {
    const workflow = newWorkflow({
      subject: 'made-up', concurrency: { policy, group: 'a-group' },
      steps: [{ name: 'FIRST', creates: { service: 'GITHUB', count: 2 } }, { name: 'SECOND' }],
    })
    const runId = await record(workflow, { subjectId, actor: 'a-key' })
    expect(await rowOf(runId)).toMatchObject({
      workflow, subjectType: 'made-up', subjectId, actor: 'a-key', concurrencyGroup: 'a-group', status: 'pending', rootRunId: runId,
      retryOf: null, rollbackOf: null, supersededBy: null, isBehind: false, isReplaceable: true, input: null, dispatchedAt: null,
    })
    const items = await sql`
      select position, name, item, status, service, creates from provisioning_steps where run_id = ${runId} order by position`
    expect(items).toMatchObject([
      { position: 0, name: 'FIRST', item: 'main', status: 'pending', service: 'GITHUB', creates: 2 },
      { position: 1, name: 'SECOND', item: 'main', status: 'pending', service: null, creates: 0 },
    ])
  })

  it('is recorded beside an active run of another subject, and beside one of another group', async () => {
    const workflow = withPolicy(policy)
    await record(workflow)
    await record(withPolicy(policy), { subjectId })
    expect(await rowOf(await record(workflow, { subjectId }))).toMatchObject({ isBehind: false, status: 'pending' })
    expect(await sql`select from job_executions where status = 'pending'`).toHaveLength(3)
  })

  it('is recorded when the earlier run has ended, however it ended', async () => {
    const workflow = withPolicy(policy)
    for (const status of ['completed', 'failed', 'cancelled'] as const) {
      const runId = await record(workflow, { subjectId })
      expect(await rowOf(runId)).toMatchObject({ isBehind: false })
      await end(runId, status)
    }
  })
})

describe('"reject"', () => {
  it.each(active)('refuses a run while another one is %s, and names that one', async (status) => {
    const workflow = withPolicy('reject')
    const runId = await record(workflow, { subjectId })
    await sql`update job_executions set status = ${status} where id = ${runId}`
    expect(await ask(workflow, { subjectId })).toEqual({ state: 'rejected', active: { id: runId, workflow, status } })
    expect(await sql`select from job_executions`).toHaveLength(1)
  })

  it('refuses a run while one of another workflow of its group is active', async () => {
    const [first, second] = [withPolicy('reject', 'shared'), withPolicy('reject', 'shared')]
    const runId = await record(first, { subjectId })
    expect(await ask(second, { subjectId })).toMatchObject({ state: 'rejected', active: { id: runId, workflow: first } })
    await end(runId)
    await record(second, { subjectId })
  })
})

describe('"join"', () => {
  it.each(active)('answers with the active run that is %s', async (status) => {
    const workflow = withPolicy('join')
    const runId = await record(workflow, { subjectId })
    await sql`update job_executions set status = ${status} where id = ${runId}`
    expect(await ask(workflow, { subjectId })).toEqual({ state: 'joined', runId })
    expect(await sql`select from job_executions`).toHaveLength(1)
  })

  it('does not join a run of another workflow of its group: that one does something else', async () => {
    const [first, second] = [withPolicy('queue', 'shared'), withPolicy('join', 'shared')]
    const runId = await record(first, { subjectId })
    expect(await ask(second, { subjectId })).toMatchObject({ state: 'rejected', active: { id: runId, workflow: first } })
  })
})

describe('"queue"', () => {
  it('starts one run at a time, in the order in which they were asked for, each when the one before has ended', async () => {
    const workflow = withPolicy('queue')
    const runIds: string[] = []
    for (let n = 0; n < 5; n++) runIds.push(await record(workflow, { subjectId }))
    expect(await Promise.all(runIds.map(async id => (await rowOf(id)).isBehind))).toEqual([false, true, true, true, true])
    for (const [n, runId] of runIds.entries()) {
      expect(await dispatch()).toEqual([runId])
      expect(await rowOf(runId)).toMatchObject({ isBehind: false, dispatchedAt: expect.any(Date) })
      for (const status of ['pending', 'running', 'waiting']) {
        await sql`update job_executions set status = ${status} where id = ${runId}`
        expect(await dispatch(), `while it is ${status}`).toEqual([])
      }
      expect(await findActiveRun(workflow, subjectId)).toMatchObject({ id: runId })
      await end(runId, n % 2 ? 'completed' : 'failed')
    }
    expect(await dispatch()).toEqual([])
  })

  it('starts the next but one when the next was cancelled while it waited', async () => {
    const workflow = withPolicy('queue')
    const [first, second, third] = [
      await record(workflow, { subjectId }), await record(workflow, { subjectId }), await record(workflow, { subjectId }),
    ]
    expect(await dispatch()).toEqual([first])
    await end(second, 'cancelled')
    expect(await dispatch()).toEqual([])
    await end(first)
    expect(await dispatch()).toEqual([third])
  })

  it('waits for the runs of other workflows of its group, too', async () => {
    const [first, second] = [withPolicy('queue', 'shared'), withPolicy('queue', 'shared')]
    const runIds = [
      await record(first, { subjectId }), await record(second, { subjectId }), await record(first, { subjectId }),
    ]
    for (const runId of runIds) {
      expect(await dispatch()).toEqual([runId])
      await end(runId)
    }
  })

  it('counts as active while it waits: a run whose policy is "reject" is refused', async () => {
    const [queued, rejected] = [withPolicy('queue', 'shared'), withPolicy('reject', 'shared')]
    const first = await record(queued, { subjectId })
    const second = await record(queued, { subjectId })
    await end(first)
    expect(await ask(rejected, { subjectId })).toMatchObject({ state: 'rejected', active: { id: second, status: 'pending' } })
  })

  it('does not let a newer run pass one that waits, when both are asked for just as the first ends', async () => {
    const workflow = withPolicy('queue')
    const first = await record(workflow, { subjectId })
    const second = await record(workflow, { subjectId })
    await end(first)
    const third = await record(workflow, { subjectId })
    expect(await dispatch()).toEqual([second])
    expect(await rowOf(third)).toMatchObject({ isBehind: true })
  })

  it('starts one of many that several processes dispatch at the same moment', async () => {
    const workflow = withPolicy('queue')
    const runIds = []
    for (let n = 0; n < 4; n++) runIds.push(await record(workflow, { subjectId }))
    for (const runId of runIds) {
      expect((await Promise.all(Array.from({ length: 5 }, dispatch))).flat()).toEqual([runId])
      await end(runId)
    }
  })
})

describe('"replace"', () => {
  it.each(active)('supersedes the run that is %s, and ends its execution', async (status) => {
    const workflow = withPolicy('replace')
    const first = await record(workflow, { subjectId })
    await start(first)
    await sql`update job_executions set status = ${status} where id = ${first}`
    const outcome = await ask(workflow, { subjectId })
    expect(outcome).toEqual({ state: 'recorded', runId: expect.any(String), superseded: [`of ${first}`] })
    const { runId: second } = outcome as { runId: string }
    expect(await rowOf(first)).toMatchObject({ status: 'cancelled', supersededBy: second, finishedAt: expect.any(Date) })
    expect(await rowOf(second)).toMatchObject({ status: 'pending', isBehind: false, supersededBy: null, rootRunId: second })
    expect(await dispatch()).toEqual([second])
  })

  it('has no execution to end when the superseded run had none', async () => {
    const workflow = withPolicy('replace')
    await record(workflow, { subjectId })
    expect(await ask(workflow, { subjectId })).toMatchObject({ state: 'recorded', superseded: [] })
  })

  it('waits behind a run that must not be replaced, and replaces the other runs that wait', async () => {
    const workflow = withPolicy('replace')
    const kept = await record(workflow, { subjectId })
    expect(await dispatch()).toEqual([kept])
    await start(kept)
    expect(await keepFromReplacement(kept)).toBe(true)
    const replaced = []
    for (let n = 0; n < 3; n++) replaced.push(await record(workflow, { subjectId }))
    const last = replaced.pop()!
    expect(await rowOf(kept)).toMatchObject({ status: 'running', supersededBy: null })
    for (const [n, runId] of replaced.entries())
      expect(await rowOf(runId)).toMatchObject({ status: 'cancelled', supersededBy: replaced[n + 1] ?? last })
    expect(await rowOf(last)).toMatchObject({ status: 'pending', isBehind: true })
    expect(await dispatch()).toEqual([])
    await end(kept)
    expect(await dispatch()).toEqual([last])
  })

  it('cannot keep a run that was replaced already', async () => {
    const workflow = withPolicy('replace')
    const first = await record(workflow, { subjectId })
    await record(workflow, { subjectId })
    expect(await keepFromReplacement(first)).toBe(false)
    expect(await rowOf(first)).toMatchObject({ status: 'cancelled' })
  })

  it('leaves the runs of other workflows of its group, and waits for them', async () => {
    const [replaces, queues] = [withPolicy('replace', 'shared'), withPolicy('queue', 'shared')]
    const first = await record(queues, { subjectId })
    const second = await record(replaces, { subjectId })
    const third = await record(queues, { subjectId })
    const fourth = await record(replaces, { subjectId })
    expect(await rowOf(second)).toMatchObject({ status: 'cancelled', supersededBy: fourth })
    for (const runId of [first, third, fourth]) {
      expect(await dispatch()).toEqual([runId])
      await end(runId)
    }
  })
})

it('a transaction that fails records no run, and supersedes none', async () => {
  const workflow = withPolicy('replace')
  const first = await record(workflow, { subjectId })
  await expect(db().transaction(async (tx) => {
    await recordRun(tx, { workflow, subjectId, actor: 'owner' })
    throw new Error('Something else failed.')
  })).rejects.toThrow('Something else failed.')
  expect(await rowOf(first)).toMatchObject({ status: 'pending', supersededBy: null })
  expect(await sql`select from job_executions`).toHaveLength(1)
})

it('a run that is recorded while another transaction holds its first run waits for that to end', async () => {
  const workflow = withPolicy('queue')
  const first = await record(workflow, { subjectId })
  let second: Promise<string> | undefined
  await driver().begin(async (tx) => {
    await tx`update job_executions set status = 'completed' where id = ${first}`
    second = record(workflow, { subjectId })
    await expect.poll(() => sql`select from pg_stat_activity where wait_event_type = 'Lock'`, { timeout: 20_000 }).toHaveLength(1)
  })
  expect(await rowOf(await second!)).toMatchObject({ isBehind: false })
  expect(await dispatch()).toEqual([await second!])
})
