import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { Course } from '../../shared/schemas/course.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { type Answer, createApi } from '../support/api.ts'
import { laboratory, lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { repos } from '../support/outside.ts'
import { createServerProcess } from '../support/server.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { RETRY_BASE_MS: '200', DISCORD_GUILD_ID: '' } })
const GUILD = { discordGuildId: '1100000000000000001' }
type Cancelled = Run & { rolledBackBy: RunSummary | null }
const cancel = (runId: string, body: object = {}, headers?: Record<string, string>): Promise<Answer<Cancelled>> =>
  atelier.api.call<Cancelled>('POST', `/api/runs/${runId}/cancel`, { body, headers })
const create = async (body: object) => (await atelier.api.createCourse({ ...GUILD, ...body })).body
const callsTo = async (subject: string) => (await atelier.github.calls()).filter(call => call.subject.includes(subject))
const outside = { before: 'repos/create-in-org' } as const

/** The runtime's own word for the run, once it has one. */
const executionOf = (runId: string) => withDatabase(atelier.databaseUrl, async sql => (await sql<{ status: string }[]>`
  select execution.status from job_executions run
  join workflow.workflow_runs execution on execution.id = run.runtime_run_id
  where run.id = ${runId}`)[0]?.status)

describe('a run that is cancelled', () => {
  it('while a call is out begins nothing more; that call ends and what it made is kept', async () => {
    const held = await atelier.github.fault({ operation: outside.before, subject: 'out-2026', when: 'before', action: 'hold' })
    const { id, run } = await create(lecture('Out'))
    await atelier.github.reached(held)
    const { status, body } = await cancel(run.id)
    expect(status).toBe(202)
    expect(body).toMatchObject({ id: run.id, status: 'cancelled', rolledBackBy: null })
    expect(body.finishedAt).not.toBeNull()
    await atelier.github.removeFault(held)
    const made = await until(async () => (await atelier.api.resources(id)).find(({ type }) => type === 'REPO'))
    expect((await repos(atelier)).get('out-2026')).toMatchObject({ id: Number(made.externalId) })
    const course = await atelier.api.course(id)
    expect(course).toMatchObject({ status: 'CANCELLED', rollback: null, warnings: [] })
    expect(course.run.steps.map(({ name, status }) => [name, status]).slice(2)).toEqual([
      ['CREATE_GITHUB_REPO', 'completed'], ['APPLY_BRANCH_PROTECTION', 'skipped'], ['SEED_GITHUB_CONTENT', 'skipped']])
    expect(await until(() => executionOf(run.id).then(status => status === 'cancelled'))).toBe(true)
    expect((await callsTo('out-2026')).filter(({ mutation }) => mutation).map(({ operation }) => operation))
      .toEqual(['repos/create-in-org'])
  })

  it('by another process than the one that works on it ends there, too', async () => {
    const held = await atelier.github.fault({
      operation: outside.before, subject: '/^elsewhere-2026/', when: 'before', action: 'hold', times: 99,
    })
    const { id, run } = await create(laboratory('Elsewhere', 2))
    await until(async () => await atelier.github.reached(held) === 2)
    const other = await createServerProcess({
      DATABASE_URL: atelier.databaseUrl, API_KEY: atelier.apiKey,
      GITHUB_API_URL: `${atelier.github.url}/api/v3`, GITHUB_TOKEN, GITHUB_ORG,
      DISCORD_API_URL: `${atelier.discord.url}/api`, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID,
    })
    try {
      await other.start()
      const { status } = await createApi(other, atelier.apiKey).call('POST', `/api/runs/${run.id}/cancel`, { body: {} })
      expect(status).toBe(202)
    }
    finally {
      await atelier.github.removeFault(held)
      await other.stop()
    }
    await until(async () => (await atelier.api.resources(id)).filter(({ type }) => type === 'REPO').length === 2)
    await until(() => executionOf(run.id).then(status => status === 'cancelled'))
    expect((await callsTo('elsewhere-2026')).filter(({ mutation }) => mutation).map(({ operation }) => operation))
      .toEqual(['repos/create-in-org', 'repos/create-in-org'])
  })

  it('while an attempt is due later makes none', async () => {
    const refused = await atelier.github.fault({
      operation: outside.before, subject: '/^(due|beside)-2026$/', when: 'before', action: 'status', status: 502, times: 99,
    })
    const attempted = (id: string, times: number) =>
      until(async () => (await atelier.api.course(id)).run.steps.some(({ attempts }) => attempts >= times))
    const { id, run } = await create(lecture('Due'))
    await attempted(id, 2)
    await cancel(run.id)
    const before = (await callsTo('due-2026')).length
    // One that goes on beside it has had its fourth attempt: the third of this one would be long over.
    await attempted((await create(lecture('Beside'))).id, 4)
    await atelier.github.removeFault(refused)
    expect((await callsTo('due-2026')).length - before).toBeLessThanOrEqual(1)
    expect((await repos(atelier)).has('due-2026')).toBe(false)
  })

  it('while it waits for a person waits no more', async () => {
    const { body: { id, run } } = await atelier.api.createCourse(lecture('Awaits'))
    await atelier.api.reached(id, 'WAITING')
    expect((await cancel(run.id)).body.status).toBe('cancelled')
    expectProblem(await atelier.api.call(
      'POST', `/api/courses/${id}/discord-server`, { body: { guildId: GUILD.discordGuildId } },
    ), 409, 'NOT_WAITING')
    await until(async () => await executionOf(run.id) === 'cancelled')
    expect(await withDatabase(atelier.databaseUrl, sql => sql`
      select token from workflow.workflow_hooks where token like ${`%${run.id}`}`)).toEqual([])
  })

  it('before it began never begins', async () => {
    // As when the start was lost: the row is there, and the watchdog would start it.
    const { id, run } = await create(lecture('Template'))
    await atelier.api.reached(id, 'COMPLETED')
    const lost = randomUUID()
    await withDatabase(atelier.databaseUrl, sql => sql`
      insert into job_executions (id, workflow, subject_type, subject_id, concurrency_group, root_run_id, retry_of)
      values (${lost}, 'provision-course', 'course', ${id}, 'course', ${run.id}, ${run.id})`)
    expect((await cancel(lost)).body.status).toBe('cancelled')
    expect(await executionOf(lost)).toBeUndefined()
  })

  it('is continued by a retry: what is missing is created, nothing twice', async () => {
    const held = await atelier.github.fault({ operation: outside.before, subject: 'again-2026-group-2', when: 'before', action: 'hold' })
    const { id, run } = await create(laboratory('Again', 3))
    await atelier.github.reached(held)
    await cancel(run.id)
    await atelier.github.removeFault(held)
    const { status, body } = await atelier.api.call<Run>('POST', `/api/runs/${run.id}/retry`)
    expect([status, body.retryOf]).toEqual([202, run.id])
    expectProblem(await atelier.api.call('POST', `/api/runs/${run.id}/retry`), 409)
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.run.id).toBe(body.id)
    const made = (await atelier.github.calls())
      .filter(({ operation, subject, effect }) => operation === outside.before && subject.startsWith('again-2026') && effect)
    expect(made.map(({ subject }) => subject).sort()).toEqual([1, 2, 3].map(n => `again-2026-group-${n}`))
    expectProblem(await atelier.api.call('POST', `/api/runs/${run.id}/retry`), 409, 'SUPERSEDED')
  })

  it('by ten at once is cancelled once; who comes later hears that it is over', async () => {
    const held = await atelier.github.fault({ operation: outside.before, subject: 'ten-2026', when: 'before', action: 'hold' })
    const { run } = await create(lecture('Ten'))
    await atelier.github.reached(held)
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(run.id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)])
    expectProblem(answers.find(({ status }) => status === 409)!, 409, 'RUN_OVER')
    await atelier.github.removeFault(held)
  })

  it('with one Idempotency-Key is the same answer each time, and another request with it is refused', async () => {
    const held = await atelier.github.fault({ operation: outside.before, subject: 'key-2026', when: 'before', action: 'hold' })
    const { run } = await create(lecture('Key'))
    await atelier.github.reached(held)
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(run.id, { rollback: true }, key)))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(202))
    expect(new Set(answers.map(({ body }) => body.rolledBackBy!.id)).size).toBe(1)
    expectProblem(await cancel(run.id, {}, key), 409, 'IDEMPOTENCY_KEY_REUSED')
    await atelier.github.removeFault(held)
  })

  it('is refused where there is none, where it is over, to viewers, and with fields that are unknown', async () => {
    const course: Course = await create(lecture('Over'))
    await atelier.api.reached(course.id, 'COMPLETED')
    expect(expectProblem(await cancel(course.run.id), 409, 'RUN_OVER').detail).toContain('completed')
    expectProblem(await cancel(randomUUID()), 404, 'NOT_FOUND')
    expectProblem(await cancel('no-id'), 400, 'VALIDATION_FAILED')
    expectProblem(await cancel(course.run.id, { takeback: true }), 400, 'VALIDATION_FAILED')
    const apiKey = await atelier.api.createKey('Watcher', 'viewer')
    expectProblem(await cancel(course.run.id, {}, { 'x-api-key': apiKey }), 403, 'ROLE_TOO_SMALL')
  })
})
