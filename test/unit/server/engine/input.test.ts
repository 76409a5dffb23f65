import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { InvalidInput } from '../../../../server/engine/input.ts'
import { claimRunRow } from '../../../../server/engine/queries/runs.ts'
import { sql, useDatabase } from '../support/database.ts'
import { ask, record, rowOf } from '../support/runs.ts'
import { newWorkflow } from '../support/workflows.ts'

/** What a run is started with. */
useDatabase()

const titled = newWorkflow({ input: z.strictObject({ title: z.string().trim().min(1), count: z.int().default(1) }) })
const without = newWorkflow()
const text = newWorkflow({ input: z.string() })
const optional = newWorkflow({ input: z.strictObject({ title: z.string() }).optional() })
const issuesOf = (asked: Promise<unknown>) => asked.then(
  () => { throw new Error('The input was accepted.') },
  (error: unknown) => error instanceof InvalidInput ? error.issues : Promise.reject(error as Error),
)

describe('an input', () => {
  it('is stored as the schema of the workflow has it, and given to its steps', async () => {
    const runId = await record(titled, { input: { title: ' A title ' } })
    expect(await rowOf(runId)).toMatchObject({ input: { title: 'A title', count: 1 } })
    expect(await claimRunRow(runId, randomUUID())).toMatchObject({ run: { input: { title: 'A title', count: 1 } } })
  })

  it.each<[string, unknown, PropertyKey[]]>([
    ['is missing', undefined, []],
    ['is null', null, []],
    ['lacks a field', {}, ['title']],
    ['has a field of another type', { title: 1 }, ['title']],
    ['has an unknown field', { title: 'A title', other: 1 }, []],
  ])('that %s is refused, and no run is recorded', async (_, input, path) => {
    const subjectId = randomUUID()
    expect(await issuesOf(ask(titled, { subjectId, input }))).toMatchObject([{ path, message: expect.any(String) }])
    expect(await sql`select from job_executions where subject_id = ${subjectId}`).toHaveLength(0)
  })

  it('is checked before another run is replaced', async () => {
    const subjectId = randomUUID()
    const workflow = newWorkflow({ concurrency: { policy: 'replace' }, input: z.strictObject({ title: z.string() }) })
    const first = await record(workflow, { subjectId, input: { title: 'A title' } })
    await issuesOf(ask(workflow, { subjectId, input: {} }))
    expect(await rowOf(first)).toMatchObject({ status: 'pending', supersededBy: null })
  })

  it.each([undefined, null])('may be %s where the workflow takes none', async (input) => {
    expect(await rowOf(await record(without, { input }))).toMatchObject({ input: null })
  })

  it.each([{}, { title: 'A title' }, 'a text', 0, false])('of %j is refused where the workflow takes none', async (input) => {
    expect(await issuesOf(ask(without, { input }))).toHaveLength(1)
  })

  it('may be left out where the schema says so', async () => {
    expect(await rowOf(await record(optional))).toMatchObject({ input: null })
  })

  it.each([['a', 1], ['€', 3]])('of many "%s" holds at most 64 KB', async (letter, bytes) => {
    const longest = Math.floor((64_000 - 2) / bytes)
    expect(await rowOf(await record(text, { input: letter.repeat(longest) }))).toMatchObject({ input: letter.repeat(longest) })
    expect(await issuesOf(ask(text, { input: letter.repeat(longest + 1) }))).toMatchObject([{ message: expect.stringContaining('64 KB') }])
  })
})
