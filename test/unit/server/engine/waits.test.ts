import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Transaction } from '../../../../server/db/client.ts'
import { EVERYTHING } from '../../../../server/db/scope.ts'
import { listAnsweredWaits } from '../../../../server/engine/queries/waits.ts'
import { endWait, openWait } from '../../../../server/engine/steps/index.ts'
import { registerSubjects, type SubjectWait } from '../../../../server/engine/subjects.ts'
import { answerWait, resumeAnswered } from '../../../../server/engine/waits.ts'
import { findRun } from '../../../../server/engine/views.ts'
import type { RunRef } from '../../../../server/ledger/index.ts'
import { sql, useDatabase } from '../support/database.ts'
import { end, record, refOf, rowOf } from '../support/runs.ts'
import { awaitHook, countResumed, execute, useRuntime } from '../support/runtime.ts'
import { newWorkflow } from '../support/workflows.ts'

/** What a run waits for, from the moment that a person is asked until it goes on. */
useDatabase()
useRuntime()

const texts = { title: 'A title', message: 'It waits.', why: 'Because.', fix: 'Answer.' }
const waits = {
  approval: { ...texts, answer: z.strictObject({ verdict: z.enum(['yes', 'no']), note: z.string().trim().default('none') }) },
  review: { ...texts, title: 'A review', answer: z.strictObject({}) },
  soon: { ...texts, answer: z.strictObject({}), timeoutMs: 60_000 },
}
const tokenOf = ({ runId }: RunRef, kind = 'approval') => `${kind}:${runId}`

/** A run whose execution has come to its wait. */
async function newRun(subject = 'made-up'): Promise<RunRef> {
  const { run, hook } = await newRunBeforeHook(subject)
  await hook()
  return run
}

/** The same before the runtime knows of the wait. */
async function newRunBeforeHook(subject = 'made-up') {
  const run = await refOf(await record(newWorkflow({ subject, waits })))
  const execution = await execute(run)
  return { run, hook: () => awaitHook(execution, tokenOf(run)) }
}

const open = (run: RunRef, kind = 'approval') => openWait(run, kind, tokenOf(run, kind))
const rowsOf = async ({ runId }: RunRef) => [...await sql`select * from run_waits where run_id = ${runId} order by created_at`]
const statusOf = async ({ runId }: RunRef) => (await rowOf(runId)).status
const answer = ({ runId }: RunRef, given: unknown, actor = 'owner') => answerWait(runId, { kind: 'approval' }, given, actor)
const recently = ({ runId }: RunRef) => sql`update run_waits set answered_at = now() - interval '2 seconds' where run_id = ${runId}`

describe('a wait that is opened', () => {
  it('shows what the configuration says of it, and that its run waits', async () => {
    const run = await newRun()
    expect(await open(run)).toBeNull()
    expect(await rowsOf(run)).toMatchObject([
      { ...texts, kind: 'approval', token: tokenOf(run), deadline: null, answer: null, answered_at: null, closed_at: null },
    ])
    const view = await findRun(run.runId, EVERYTHING)
    expect(view).toMatchObject({ status: 'waiting', waits: [{ ...texts, kind: 'approval', deadline: null }] })
    expect(view!.waits[0]!.answer, 'the schema of its form').toMatchObject({
      type: 'object', required: ['verdict'], properties: { verdict: { enum: ['yes', 'no'] } },
    })
  })

  it('has a deadline by the clock of the database, which stays the same when a crash repeats the step', async () => {
    const run = await newRun()
    const deadline = await open(run, 'soon')
    const [{ left } = {}] = await sql`select extract(epoch from deadline - now()) as left from run_waits where run_id = ${run.runId}`
    expect(Number(left)).toBeGreaterThan(50)
    expect(Number(left)).toBeLessThanOrEqual(60)
    const before = await rowsOf(run)
    expect(await open(run, 'soon')).toEqual(deadline)
    expect(await rowsOf(run)).toEqual(before)
  })

  it('again, when it was answered or is over, keeps its answer, and its run goes on', async () => {
    const run = await newRun()
    await open(run)
    await answer(run, { verdict: 'yes' })
    const answered = await rowsOf(run)
    await open(run)
    expect(await rowsOf(run)).toEqual(answered)
    await endWait(run, 'approval')
    await open(run)
    expect(await statusOf(run)).toBe('running')
    expect((await rowsOf(run))[0]).toMatchObject({ answer: { verdict: 'yes' }, closed_at: expect.any(Date) })
  })

  it('must be in the configuration', async () => {
    await expect(open(await newRun(), 'unknown')).rejects.toThrow('has no wait unknown')
  })

  it('lets its run go on when it is closed, once and for all', async () => {
    const run = await newRun()
    await open(run)
    await endWait(run, 'approval')
    const closed = await rowsOf(run)
    expect(closed).toMatchObject([{ closed_at: expect.any(Date) }])
    expect(await statusOf(run)).toBe('running')
    await endWait(run, 'approval')
    expect(await rowsOf(run)).toEqual(closed)
  })

  it('beside another one keeps its run waiting until both are closed', async () => {
    const run = await newRun()
    await Promise.all([open(run), open(run, 'review')])
    await endWait(run, 'approval')
    expect(await statusOf(run)).toBe('waiting')
    await endWait(run, 'review')
    expect(await statusOf(run)).toBe('running')
  })

  it('lets its run go on, too, when it is closed at the same moment as another one', async () => {
    for (let n = 0; n < 15; n++) {
      const run = await newRun()
      await Promise.all([open(run), open(run, 'review')])
      await Promise.all([endWait(run, 'approval'), endWait(run, 'review')])
      expect(await statusOf(run)).toBe('running')
    }
  })

  it('shows its run waiting, too, when another one is closed at the same moment', async () => {
    for (let n = 0; n < 15; n++) {
      const run = await newRun()
      await open(run)
      await Promise.all([endWait(run, 'approval'), open(run, 'review')])
      expect(await statusOf(run)).toBe('waiting')
    }
  })

  it('does not bring back a run that was cancelled', async () => {
    const run = await newRun()
    await end(run.runId, 'cancelled')
    await open(run)
    await endWait(run, 'approval')
    expect(await statusOf(run)).toBe('cancelled')
  })
})

describe('an answer', () => {
  it('is recorded as the schema has it, with its actor, and resumes the run once', async () => {
    const run = await newRun()
    await open(run)
    expect(await answer(run, { verdict: 'yes', note: ' fine ' }, 'a-key')).toEqual({ state: 'answered' })
    expect(await rowsOf(run)).toMatchObject([
      { answer: { verdict: 'yes', note: 'fine' }, answered_by: 'a-key', answered_at: expect.any(Date), closed_at: null },
    ])
    expect(await countResumed(tokenOf(run))).toBe(1)
    expect((await findRun(run.runId, EVERYTHING))!.waits, 'it asks for nothing any more').toEqual([])
  })

  it('finds its wait by id as well', async () => {
    const run = await newRun()
    await open(run)
    const [{ id } = {}] = await rowsOf(run)
    expect(await answerWait(run.runId, { id: randomUUID() }, { verdict: 'yes' }, 'owner')).toEqual({ state: 'not-waiting' })
    expect(await answerWait(run.runId, { id: id as string }, { verdict: 'yes' }, 'owner')).toEqual({ state: 'answered' })
  })

  it.each<[string, unknown, PropertyKey[]]>([
    ['lacks a field', {}, ['verdict']],
    ['has a value that is not allowed', { verdict: 'perhaps' }, ['verdict']],
    ['has an unknown field', { verdict: 'yes', other: 1 }, []],
    ['is no object', 'yes', []],
  ])('that %s is refused with its faults, and the run waits on', async (_, given, path) => {
    const run = await newRun()
    await open(run)
    expect(await answer(run, given)).toEqual({ state: 'invalid', issues: [expect.objectContaining({ path })] })
    expect(await rowsOf(run)).toMatchObject([{ answer: null, answered_at: null }])
    expect(await countResumed(tokenOf(run))).toBe(0)
  })

  it('finds nothing that waits before the wait is opened, after it is answered or closed, and when the run has ended', async () => {
    const notWaiting = { state: 'not-waiting' }
    const yes = { verdict: 'yes' }
    const [before, answered, closed, ended] = [await newRun(), await newRun(), await newRun(), await newRun()]
    for (const run of [answered, closed, ended]) await open(run)
    await answer(answered, yes)
    await endWait(closed, 'approval')
    await end(ended.runId, 'cancelled')
    for (const run of [before, answered, closed, ended]) expect(await answer(run, yes)).toEqual(notWaiting)
    expect(await answerWait(randomUUID(), { kind: 'approval' }, yes, 'owner')).toEqual(notWaiting)
  })

  it('wins once, of many that are given at the same moment', async () => {
    const run = await newRun()
    await open(run)
    const actors = Array.from({ length: 8 }, (_, n) => `actor-${n}`)
    const outcomes = await Promise.all(actors.map(actor => answer(run, { verdict: 'yes', note: actor }, actor)))
    const winners = actors.filter((_, n) => outcomes[n]!.state === 'answered')
    expect(winners).toHaveLength(1)
    expect(await rowsOf(run)).toMatchObject([{ answer: { note: winners[0] }, answered_by: winners[0] }])
    expect(await countResumed(tokenOf(run))).toBe(1)
  })
})

describe('the subject of a wait', () => {
  const notes = async (subjectId: string) => (await sql`
    select name from api_keys where hash like ${`${subjectId}%`}`).map(({ name }) => name)
  /** What the subject records of an answer: any row will do. */
  const note = (tx: Transaction, { subjectId }: SubjectWait, name: string) =>
    tx.execute(`insert into api_keys (name, role, hash) values ('${name}', 'viewer', '${subjectId} ${randomUUID()}')`)
  const accepts = vi.fn()
  registerSubjects({
    type: 'accepting',
    name: 'accepting',
    load: () => Promise.resolve(new Map()),
    itemLabel: key => key,
    acceptAnswer: async (wait, given) => {
      accepts(wait, given)
      const { note: said } = given as { note: string }
      if (said === 'unacceptable') throw new Error('The subject does not accept this.')
      return async (tx) => {
        await note(tx, wait, said)
        if (said === 'too late') throw new Error('The subject cannot record this.')
      }
    },
  })

  it('is told of a valid answer, and what it means is committed with it', async () => {
    const run = await newRun('accepting')
    await open(run)
    await answer(run, { verdict: 'perhaps' })
    expect(accepts).not.toHaveBeenCalled()
    expect(await answer(run, { verdict: 'yes', note: 'mine' })).toEqual({ state: 'answered' })
    expect(accepts).toHaveBeenCalledWith(
      { runId: run.runId, kind: 'approval', subjectId: run.subjectId }, { verdict: 'yes', note: 'mine' })
    expect(await notes(run.subjectId)).toEqual(['mine'])
  })

  it.each(['unacceptable', 'too late'])('that finds an answer %s leaves no trace of it, and the run waits on', async (said) => {
    const run = await newRun('accepting')
    await open(run)
    await expect(answer(run, { verdict: 'yes', note: said })).rejects.toThrow('The subject')
    expect(await notes(run.subjectId)).toEqual([])
    expect(await rowsOf(run)).toMatchObject([{ answer: null, answered_at: null, answered_by: null }])
    expect(await countResumed(tokenOf(run))).toBe(0)
    expect(await answer(run, { verdict: 'yes', note: 'fine' })).toEqual({ state: 'answered' })
    expect(await notes(run.subjectId)).toEqual(['fine'])
  })

  it('records one of many answers that are given at the same moment', async () => {
    const run = await newRun('accepting')
    await open(run)
    await Promise.all(Array.from({ length: 6 }, (_, n) => answer(run, { verdict: 'yes', note: `${n}` })))
    const [row] = await rowsOf(run)
    expect(await notes(run.subjectId)).toEqual([(row!.answer as { note: string }).note])
  })
})

describe('an answer whose resumption was lost', () => {
  const isLost = async (run: RunRef) => (await listAnsweredWaits()).some(({ runId }) => runId === run.runId)

  it('is found by the watchdog after a moment, and resumes the run until that goes on', async () => {
    const { run, hook } = await newRunBeforeHook()
    await open(run)
    // The workflow has not come to its hook yet, or the runtime is away.
    expect(await answer(run, { verdict: 'yes' })).toEqual({ state: 'answered' })
    expect(await isLost(run), 'the answer is still on its way').toBe(false)
    await recently(run)
    expect(await isLost(run)).toBe(true)
    expect(await resumeAnswered()).toBeGreaterThan(0)
    await hook()
    await resumeAnswered()
    expect(await countResumed(tokenOf(run))).toBe(1)
    await endWait(run, 'approval')
    expect(await isLost(run)).toBe(false)
  })

  it('is no concern any more when the run has ended', async () => {
    const run = await newRun()
    await open(run)
    await answer(run, { verdict: 'yes' })
    await recently(run)
    await end(run.runId, 'cancelled')
    expect(await isLost(run)).toBe(false)
  })
})
