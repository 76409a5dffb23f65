import { beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { answerWait } from '../../../../server/engine/waits.ts'
import { until } from '../../../support/until.ts'
import { sql, useDatabase } from '../support/database.ts'
import { record, refOf, rowOf } from '../support/runs.ts'
import { execute, useRuntime } from '../support/runtime.ts'
import { newWorkflow } from '../support/workflows.ts'

/** How a workflow waits. Hooks and sleep are the runtime's, which has them only inside a workflow: the test decides which ends first. */
const runtime = vi.hoisted(() => ({
  hooks: new Map<string, PromiseWithResolvers<unknown>>(),
  sleeps: [] as { until: Date, end: () => void }[],
}))
vi.mock('workflow', async original => ({
  ...await original<object>(),
  defineHook: () => ({
    // The test resumes the workflow itself.
    resume: () => Promise.resolve(),
    create: ({ token }: { token: string }) => {
      runtime.hooks.set(token, Promise.withResolvers<unknown>())
      return runtime.hooks.get(token)!.promise
    },
  }),
  sleep: (until: Date) => new Promise<void>(end => runtime.sleeps.push({ until, end })),
}))
const { waitFor } = await import('../../../../server/engine/workflow.ts')

useDatabase()
useRuntime()
beforeEach(() => {
  runtime.hooks.clear()
  runtime.sleeps.length = 0
})

const wait = { title: 't', message: 'm', why: 'w', fix: 'f', answer: z.strictObject({ verdict: z.string() }) }
const workflow = newWorkflow({ waits: { approval: wait, soon: { ...wait, timeoutMs: 60_000 } } })

/** A run that waits. */
async function begin(kind: string) {
  const run = await refOf(await record(workflow))
  await execute(run)
  const outcome = waitFor(run, kind).then(value => ({ value }), (error: Error) => ({ error: error.message }))
  const statusOf = async () => (await rowOf(run.runId)).status
  await until(async () => await statusOf() === 'waiting')
  return {
    outcome,
    statusOf,
    answer: () => answerWait(run.runId, { kind }, { verdict: 'yes' }, 'owner'),
    resume: () => runtime.hooks.get(`${kind}:${run.runId}`)!.resolve({ verdict: 'yes' }),
    row: async () => (await sql`select * from run_waits where run_id = ${run.runId}`)[0]!,
  }
}

it('waits without an end where the configuration names no deadline, and goes on with the answer', async () => {
  const run = await begin('approval')
  expect(runtime.sleeps).toEqual([])
  expect(await run.answer()).toEqual({ state: 'answered' })
  run.resume()
  expect(await run.outcome).toEqual({ value: { verdict: 'yes' } })
  expect(await run.statusOf()).toBe('running')
  expect(await run.row()).toMatchObject({ answer: { verdict: 'yes' }, closed_at: expect.any(Date) })
})

it('sleeps until the deadline and fails when nobody has answered then; after that no answer is taken', async () => {
  const run = await begin('soon')
  await until(() => runtime.sleeps.length === 1)
  expect(runtime.sleeps[0]!.until).toEqual((await run.row()).deadline)
  runtime.sleeps[0]!.end()
  expect(await run.outcome).toEqual({ error: expect.stringContaining('"soon"') })
  expect(await run.statusOf()).toBe('running')
  expect(await run.row()).toMatchObject({ answered_at: null, closed_at: expect.any(Date) })
  expect(await run.answer()).toEqual({ state: 'not-waiting' })
})

it('goes on with an answer that was recorded in time, though the runtime hears of the deadline first', async () => {
  const run = await begin('soon')
  await until(() => runtime.sleeps.length === 1)
  // The resumption is lost, or late.
  expect(await run.answer()).toEqual({ state: 'answered' })
  runtime.sleeps[0]!.end()
  expect(await run.outcome).toEqual({ value: { verdict: 'yes' } })
})
