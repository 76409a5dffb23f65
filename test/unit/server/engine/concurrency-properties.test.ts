import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { dispatchRuns } from '../../../../server/engine/queries/fair-queue.ts'
import { keepFromReplacement, settleRunRow } from '../../../../server/engine/queries/runs.ts'
import { sql, useDatabase } from '../support/database.ts'
import { ask } from '../support/runs.ts'
import { newWorkflow } from '../support/workflows.ts'

/**
 * The concurrency policies under any order of requests, dispatches and ends, many of them at the same moment.
 * Never are two runs of a group first on one subject, and nothing ends in an error of the database.
 */
useDatabase()
beforeEach(async () => {
  await sql`delete from job_executions`
})

const policies = ['reject', 'join', 'queue', 'replace'] as const
const workflows = {
  alone: policies.map(policy => newWorkflow({ concurrency: { policy } })),
  together: policies.map(policy => newWorkflow({ concurrency: { policy, group: 'together' } })),
}
const all = [...workflows.alone, ...workflows.together]
const groupOf = (workflow: string) => workflows.together.includes(workflow) ? 'together' : workflow

type Act = { kind: 'ask', workflow: string, subject: number } | { kind: 'dispatch' } | { kind: 'end' | 'keep', of: number }

const requests = fc.record({ kind: fc.constant('ask' as const), workflow: fc.constantFrom(...all), subject: fc.nat(1) })
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: requests },
  { weight: 2, arbitrary: fc.constant<Act>({ kind: 'dispatch' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('end' as const, 'keep' as const), of: fc.nat(20) }) },
)
/** Rounds of what happens at the same time. */
const story = fc.array(fc.array(act, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 })

interface Row { id: string, workflow: string, subject_id: string, status: string, is_behind: boolean, superseded_by: string | null }

const rows = async () => [...await sql`
  select id, workflow, subject_id, status, is_behind, superseded_by, dispatched_at
  from job_executions order by created_at, id`] as unknown as Row[]
const isActive = ({ status }: Row) => ['pending', 'running', 'waiting'].includes(status)
const dispatch = () => dispatchRuns({ all: 1_000, each: 1_000 })

async function happen(one: Act, subjects: string[], known: string[]): Promise<void> {
  const runId = 'of' in one ? known[one.of % known.length] : undefined
  if (one.kind === 'ask') await ask(one.workflow, { subjectId: subjects[one.subject]! })
  else if (one.kind === 'dispatch') await dispatch()
  else if (runId && one.kind === 'keep') await keepFromReplacement(runId)
  else if (runId) await settleRunRow(runId, null)
}

it('of a group one run at most is first on a subject, and every run that waits is dispatched in the end', async () => {
  await fc.assert(fc.asyncProperty(story, async (rounds) => {
    await sql`delete from job_executions`
    const subjects = [randomUUID(), randomUUID()]
    for (const round of rounds) {
      const before = await rows()
      // An error of the database would reject here.
      await Promise.all(round.map(one => happen(one, subjects, before.filter(isActive).map(({ id }) => id))))
      const after = await rows()
      const first = after.filter(row => isActive(row) && !row.is_behind)
      const places = first.map(row => `${groupOf(row.workflow)} ${row.subject_id}`)
      expect(new Set(places).size, 'two runs are first').toBe(places.length)
      for (const { id, superseded_by: by, status } of after.filter(row => row.superseded_by)) {
        expect(status).toBe('cancelled')
        expect(after.some(row => row.id === by), `${id} was superseded by a run that is not there`).toBe(true)
      }
    }
    // Nothing waits behind a run that has ended.
    for (let left = await rows(); left.some(isActive); left = await rows()) {
      await dispatch()
      const started = await sql`
        select id from job_executions where dispatched_at is not null and status in ('pending', 'running', 'waiting')`
      expect(started.length, 'nothing can start').toBeGreaterThan(0)
      for (const { id } of started) await settleRunRow(id as string, null)
    }
  }), { numRuns: 25 })
})

it('of many requests at the same moment each policy accepts as many as it should', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...policies), fc.integer({ min: 2, max: 16 }), async (policy, times) => {
    await sql`delete from job_executions`
    const [workflow, subjectId] = [workflows.alone[policies.indexOf(policy)]!, randomUUID()]
    const outcomes = await Promise.all(Array.from({ length: times }, () => ask(workflow, { subjectId })))
    const states = outcomes.map(({ state }) => state)
    const active = (await rows()).filter(isActive)
    const others = Array<string>(times - 1)
    if (policy === 'reject') expect(states.sort()).toEqual(['recorded', ...others.fill('rejected')])
    if (policy === 'join') expect(states.sort()).toEqual([...others.fill('joined'), 'recorded'])
    if (policy === 'join') expect(new Set(outcomes.map(outcome => 'runId' in outcome && outcome.runId)).size).toBe(1)
    if (policy === 'queue' || policy === 'replace') expect(states).toEqual(Array<string>(times).fill('recorded'))
    expect(active).toHaveLength(policy === 'queue' ? times : 1)
    expect(active.filter(row => !row.is_behind)).toHaveLength(1)
  }), { numRuns: 30 })
})
