import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EVERYTHING } from '../../../../server/db/scope.ts'
import { cancelRun } from '../../../../server/engine/cancel.ts'
import { retryRun } from '../../../../server/engine/retry.ts'
import { listRunResources } from '../../../../server/engine/resource-views.ts'
import { registerSubjects } from '../../../../server/engine/subjects.ts'
import {
  findLatestRuns, findRollback, findRun, findRunDetails, listRuns, listWorkflows,
} from '../../../../server/engine/views.ts'
import { attempt } from '../../../../server/ledger/index.ts'
import { settleRunRow } from '../../../../server/engine/queries/runs.ts'
import { RunDetails } from '../../../../shared/schemas/run.ts'
import { sql, useDatabase } from '../support/database.ts'
import { createRepo } from '../support/resources.ts'
import { end, record, refOf, rowOf } from '../support/runs.ts'
import { useRuntime } from '../support/runtime.ts'
import { newWorkflow } from '../support/workflows.ts'

/** Runs as the API and the dashboard show them. */
useDatabase()
useRuntime()

const existing = new Set<string>()
registerSubjects({
  type: 'exhibit',
  name: 'exhibit',
  load: (ids) => {
    const known = ids.filter(id => existing.has(id))
    return Promise.resolve(new Map(known.map(id => [id, { title: 'An exhibit', href: `/exhibits/${id}` }])))
  },
  itemLabel: key => key === 'main' ? 'The exhibit' : key,
})

const undo = newWorkflow({ subject: 'exhibit', steps: [{ name: 'REMOVE_REPOS', removes: 'REPO' }] })
const make = newWorkflow({
  title: 'Make an exhibit', subject: 'exhibit', rollback: undo, input: z.strictObject({ room: z.int() }),
  steps: [{ name: 'BUILD', title: 'Build it' }, { name: 'SHOW', title: 'Show it' }],
})
const clean = newWorkflow({ subject: 'exhibit' })

let subjectId: string
beforeEach(async () => {
  subjectId = randomUUID()
  existing.add(subjectId)
  await sql`update job_executions set status = 'completed' where status in ('pending', 'running', 'waiting')`
})

const start = (more: object = {}) => record(make, { subjectId, input: { room: 7 }, ...more })
const detailsOf = async (runId: string) => (await findRunDetails(runId, EVERYTHING))!
const failure = { code: 'UNEXPECTED', message: 'It broke.', why: 'w', fix: 'f' }

async function retry(runId: string): Promise<string> {
  const outcome = await retryRun(runId, 'owner')
  if (outcome.state !== 'retrying') throw new Error(`The run was not retried: ${JSON.stringify(outcome)}`)
  return outcome.runId
}

async function rollBack(runId: string): Promise<string> {
  const outcome = await cancelRun(runId, { actor: 'owner', request: 'cancel', body: {}, rollback: true })
  if (outcome.state !== 'cancelled') throw new Error(`The run was not cancelled: ${JSON.stringify(outcome)}`)
  return outcome.rolledBackBy!
}

describe('the details of a run', () => {
  it('say what it is about, who started it, with what, what it came to, and show its steps', async () => {
    const runId = await start()
    const run = await refOf(runId)
    await attempt(run, 'BUILD', 'main', () => Promise.resolve('built'))
    await attempt(run, 'SHOW', 'main', () => Promise.resolve('shown'))
    await settleRunRow(runId, null, { visitors: 3 })
    const details = await detailsOf(runId)
    expect(details).toMatchObject({
      id: runId, workflow: make, workflowTitle: 'Make an exhibit', status: 'completed', subjectType: 'exhibit', subjectId,
      subject: { title: 'An exhibit', href: `/exhibits/${subjectId}` }, startedBy: { id: 'owner', name: 'Owner' },
      input: { room: 7 }, output: { visitors: 3 }, maxAttempts: 5, error: null, waits: [], limitedBy: null,
      steps: [
        { name: 'BUILD', title: 'Build it', order: 1, status: 'completed', items: [{ key: 'main', label: 'The exhibit', attempts: 1 }] },
        { name: 'SHOW', title: 'Show it', order: 2, status: 'completed' },
      ],
    })
    expect(details.chain.map(({ id }) => id)).toEqual([runId])
    expect(() => RunDetails.parse(details), 'they are what the API promises').not.toThrow()
  })

  it('of a run that is not there are none', async () => {
    expect(await findRunDetails(randomUUID(), EVERYTHING)).toBeUndefined()
    expect(await findRun(randomUUID(), EVERYTHING)).toBeUndefined()
  })

  it('have no subject when that was deleted', async () => {
    existing.delete(subjectId)
    expect((await detailsOf(await start())).subject).toBeNull()
  })

  it('name the key that started it, also after it was revoked', async () => {
    const [{ id } = {}] = await sql`insert into api_keys (name, role, hash) values ('A tutor', 'operator', ${randomUUID()}) returning id`
    const runId = await start({ actor: id as string })
    expect((await detailsOf(runId)).startedBy).toEqual({ id, name: 'A tutor' })
    await sql`delete from api_keys where id = ${id as string}`
    expect((await detailsOf(runId)).startedBy).toEqual({ id, name: 'A key that was revoked' })
    expect((await detailsOf(await record(clean, { subjectId, actor: 'atelier' }))).startedBy.name).toMatch(/schedule/)
  })

  it('show a run of a workflow that is gone by what is stored of it', async () => {
    const runId = await start()
    await sql`update job_executions set workflow = 'gone', status = 'failed' where id = ${runId}`
    expect(await detailsOf(runId)).toMatchObject({
      workflowTitle: 'gone', canRetry: false, canRollback: false, steps: [{ name: 'BUILD', title: 'BUILD' }, { name: 'SHOW' }],
    })
  })

  it('show the whole chain, oldest first, from each of its runs, and no other run of the subject', async () => {
    const first = await start()
    await end(first, 'failed')
    await end(await record(clean, { subjectId }))
    const second = await retry(first)
    const rollback = await rollBack(second)
    await end(rollback)
    const third = await retry(second)
    await end(third, 'failed')
    await end(await start(), 'failed')
    for (const runId of [first, second, rollback, third])
      expect((await detailsOf(runId)).chain.map(({ id }) => id)).toEqual([first, second, rollback, third])
    expect((await detailsOf(third)).chain).toMatchObject([
      { rootRunId: first, retryOf: null, rollbackOf: null },
      { rootRunId: first, retryOf: first, rollbackOf: null },
      { rootRunId: first, retryOf: null, rollbackOf: second },
      { rootRunId: first, retryOf: second, rollbackOf: null },
    ])
  })
})

describe('a run can be retried', () => {
  const canRetry = async (runId: string) => (await detailsOf(runId)).canRetry

  it('when it has failed or was cancelled, and only then', async () => {
    const runId = await start()
    for (const [status, expected] of [
      ['pending', false], ['running', false], ['waiting', false], ['completed', false], ['failed', true], ['cancelled', true],
    ] as const) {
      await end(runId, status)
      expect(await canRetry(runId), status).toBe(expected)
    }
  })

  it('once: then its retry can be', async () => {
    const first = await start()
    await end(first, 'failed')
    const second = await retry(first)
    await end(second, 'failed')
    expect([await canRetry(first), await canRetry(second)]).toEqual([false, true])
  })

  it('unless a newer run has replaced it', async () => {
    const workflow = newWorkflow({ subject: 'exhibit', concurrency: { policy: 'replace' } })
    const first = await record(workflow, { subjectId })
    const second = await record(workflow, { subjectId })
    expect(await detailsOf(first)).toMatchObject({ status: 'cancelled', supersededBy: second, canRetry: false })
    await end(second, 'failed')
    expect(await canRetry(second)).toBe(true)
  })

  it('as a rollback until its run is retried', async () => {
    const first = await start()
    const rollback = await rollBack(first)
    await end(rollback, 'failed')
    expect(await canRetry(rollback)).toBe(true)
    await end(await retry(first), 'failed')
    expect(await canRetry(rollback)).toBe(false)
  })

  it('exactly when a retry of it is accepted', async () => {
    for (const status of ['running', 'failed', 'completed', 'cancelled'] as const) {
      const runId = await record(clean)
      await end(runId, status)
      expect(await canRetry(runId)).toBe((await retryRun(runId, 'owner')).state === 'retrying')
    }
  })
})

describe('a run can be rolled back', () => {
  it('when its workflow has a rollback; a rollback itself has none', async () => {
    const runId = await start()
    expect((await detailsOf(runId)).canRollback).toBe(true)
    expect((await detailsOf(await rollBack(runId))).canRollback).toBe(false)
    expect((await detailsOf(await record(clean, { subjectId }))).canRollback).toBe(false)
  })

  it('and shows the latest rollback that was asked for', async () => {
    const runId = await start()
    expect(await findRollback(await rowOf(runId))).toBeNull()
    const first = await rollBack(runId)
    expect(await findRollback(await rowOf(runId))).toMatchObject({ id: first })
    await end(first, 'failed')
    const second = await retry(first)
    expect(await findRollback(await rowOf(runId))).toMatchObject({ id: second })
  })
})

describe('the state of a subject', () => {
  it('is that of the latest run of its own workflows, whatever else runs about it', async () => {
    const own = await start()
    await settleRunRow(own, failure)
    await record(clean, { subjectId })
    const other = randomUUID()
    const runs = await findLatestRuns([make], [subjectId, other])
    expect([...runs]).toMatchObject([[subjectId, { id: own, status: 'failed', error: failure }]])
    const next = await start()
    expect((await findLatestRuns([make], [subjectId])).get(subjectId)).toMatchObject({ id: next, status: 'pending' })
    expect((await findLatestRuns([make, clean], [subjectId])).get(subjectId)).toMatchObject({ id: next })
  })
})

describe('the steps of a run', () => {
  it('that was cancelled are skipped where they were not done, and wait where it failed', async () => {
    const runId = await start()
    await attempt(await refOf(runId), 'BUILD', 'main', () => Promise.resolve('built'))
    const statuses = async () => (await findRun(runId, EVERYTHING))!.steps.map(({ status }) => status)
    expect(await statuses()).toEqual(['completed', 'pending'])
    await end(runId, 'failed')
    expect(await statuses()).toEqual(['completed', 'pending'])
    await end(runId, 'cancelled')
    expect(await statuses()).toEqual(['completed', 'skipped'])
  })
})

describe('a run in the queue', () => {
  it('says how many start before it', async () => {
    const runIds = [await start(), await record(clean), await record(clean)]
    const behind = async (runId: string) => (await findRun(runId, EVERYTHING))!.queuedBehind
    expect(await Promise.all(runIds.map(behind))).toEqual([0, 1, 2])
    await end(runIds[0]!, 'running')
    expect(await Promise.all(runIds.map(behind))).toEqual([null, 0, 1])
  })
})

describe('the list of runs', () => {
  it('is filtered by workflow, status, actor and subject, newest first, with what each run is about', async () => {
    const actor = randomUUID()
    const first = await start({ actor })
    await end(first)
    const second = await start({ actor })
    await record(clean, { subjectId })
    const query = { page: 1, pageSize: 10 }
    const idsOf = async (filter: object) => (await listRuns({ ...query, ...filter }, EVERYTHING)).items.map(({ id }) => id)
    expect(await idsOf({ actor })).toEqual([second, first])
    expect(await idsOf({ actor, status: 'completed' })).toEqual([first])
    expect(await idsOf({ workflow: make, subjectId })).toEqual([second, first])
    expect(await idsOf({ subjectId })).toHaveLength(3)
    expect(await idsOf({ subjectType: 'exhibit', actor })).toEqual([second, first])
    expect(await idsOf({ subjectType: 'other', actor })).toEqual([])
    expect(await listRuns({ ...query, pageSize: 1, page: 2, actor }, EVERYTHING)).toMatchObject({ total: 2, items: [{ id: first }] })
    expect((await listRuns({ ...query, actor }, EVERYTHING)).items[0]).toMatchObject({
      subject: { title: 'An exhibit' }, startedBy: { id: actor, name: 'A key that was revoked' },
    })
  })
})

describe('the resources of a run', () => {
  it('are those of its chain, and say whether its rollback removes them', async () => {
    const first = await start()
    await createRepo(await refOf(first), 'main')
    await end(first, 'failed')
    const second = await retry(first)
    await createRepo(await refOf(second), 'second')
    await end(second, 'failed')
    const other = await start()
    await createRepo(await refOf(other), 'other')
    for (const runId of [first, second]) {
      expect(await listRunResources(await rowOf(runId))).toMatchObject([
        { key: 'main', label: 'The exhibit', runId: first, removable: true }, { key: 'second', runId: second, removable: true },
      ])
    }
  })
})

it('every workflow is described as its configuration has it', () => {
  expect(listWorkflows()).toEqual(expect.arrayContaining([
    expect.objectContaining({
      name: make, title: 'Make an exhibit', subject: 'exhibit', maxAttempts: 5, concurrency: 'reject', canRollback: true,
    }),
    expect.objectContaining({ name: 'prune', schedule: '30 3 * * *', canRollback: false }),
  ]))
})
