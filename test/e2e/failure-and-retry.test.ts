import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { laboratory, lecture } from '../support/courses.ts'
import { expectProblem } from '../support/problems.ts'
import { repos } from '../support/outside.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { RETRY_BASE_MS: '200' } })
const retry = (id: string) => atelier.api.call('POST', `/api/courses/${id}/retry`)
const stepOf = async (id: string, name: string) => (await atelier.api.course(id)).run.steps.find(step => step.name === name)!

describe('a provider that fails', () => {
  it('is tried five times with growing waits; then the course is FAILED with the reason and the fix', async () => {
    const fault = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'broken-2026', when: 'before', action: 'status', status: 502, times: 100,
    })
    const { body: { id } } = await atelier.api.createCourse(lecture('Broken'))
    await until(async () => (await stepOf(id, 'CREATE_GITHUB_REPO')).attempts >= 2 || undefined)
    const between = await atelier.api.course(id)
    expect(between.status, 'it is not failed while another attempt is due').toBe('IN_PROGRESS')
    expectProblem(await retry(id), 409, 'NOT_FAILED')

    const course = await atelier.api.reached(id, 'FAILED')
    const calls = (await atelier.github.calls())
      .filter(({ subject, operation }) => subject === 'broken-2026' && operation === 'repos/create-in-org')
    expect(calls).toHaveLength(5)
    const waits = calls.slice(1).map(({ at }, index) => Date.parse(at) - Date.parse(calls[index]!.at))
    for (const [index, factor] of [1, 2, 4, 8].entries()) expect(waits[index]).toBeGreaterThanOrEqual(200 * factor)
    expect(waits[3]).toBeGreaterThan(waits[2]!)
    expect(course.run.error).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE', message: expect.stringContaining('Server Error'), fix: expect.stringContaining('try again'),
    })
    const report = await atelier.api.status(id)
    expect(report.courseStatus).toBe('FAILED')
    expect(report.steps.map(({ stepName, status, attempts }) => [stepName, status, attempts])).toEqual([
      ['CREATE_DISCORD_SERVER', 'COMPLETED', 1], ['CREATE_DISCORD_CHANNELS', 'COMPLETED', 1],
      ['CREATE_GITHUB_REPO', 'FAILED', 5], ['APPLY_BRANCH_PROTECTION', 'PENDING', 0], ['SEED_GITHUB_CONTENT', 'PENDING', 0]])
    expect(report.steps[2]!.errorMsg).toContain('githubstatus.com')
    await atelier.github.removeFault(fault)
  })

  it('succeeds when it comes back in time, and shows the attempts it took', async () => {
    await atelier.github.fault({ operation: 'git/create-tree', subject: 'atelier/shaky-2026', when: 'before', action: 'drop' })
    const { body: { id } } = await atelier.api.createCourse(lecture('Shaky'))
    await atelier.api.reached(id, 'COMPLETED')
    expect(await stepOf(id, 'SEED_GITHUB_CONTENT')).toMatchObject({ status: 'completed', attempts: 2, error: null })
    expect(await stepOf(id, 'CREATE_GITHUB_REPO')).toMatchObject({ attempts: 1 })
  })

  it.each([
    [401, 'PROVIDER_AUTHENTICATION', 'GITHUB_TOKEN'],
    [403, 'PROVIDER_FORBIDDEN', 'scopes'],
  ])('with %i fails at once and says what to do', async (status, code, hint) => {
    const name = `Refused ${status}`
    await atelier.github.fault({
      operation: 'repos/create-in-org', subject: `refused-${status}-2026`, when: 'before', action: 'status', status,
    })
    const { body: { id } } = await atelier.api.createCourse(lecture(name))
    const { run } = await atelier.api.reached(id, 'FAILED')
    expect(run.error).toMatchObject({ code, fix: expect.stringContaining(hint) })
    expect(await stepOf(id, 'CREATE_GITHUB_REPO')).toMatchObject({ status: 'failed', attempts: 1 })
  })

  it('with text that no database stores fails like any other', async () => {
    await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'nul-2026', when: 'before',
      action: 'status', status: 400, body: { message: 'odd \u0000 text' },
    })
    const { body: { id } } = await atelier.api.createCourse(lecture('Nul'))
    const { run } = await atelier.api.reached(id, 'FAILED')
    expect(run.error?.message).toContain('odd')
  })
})

describe('a group that fails', () => {
  it('stops no other; its step ends failed with its error; a retry does only what is missing', async () => {
    const fault = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'mixed-2026-group-2', when: 'before', action: 'status', status: 403, times: 100,
    })
    const { body: { id, run: first } } = await atelier.api.createCourse(laboratory('Mixed', 3))
    const failed = await atelier.api.reached(id, 'FAILED')
    const seen = failed.run.steps.map(({ name, status, done, total, attempts }) => [name, status, done, total, attempts])
    expect(seen).toEqual([
      ['CREATE_DISCORD_SERVER', 'completed', 1, 1, 1],
      ['CREATE_GROUP_ROLES', 'completed', 3, 3, 1],
      ['CREATE_GROUP_CHANNELS', 'completed', 3, 3, 1],
      ['CREATE_GROUP_REPOS', 'failed', 2, 3, 1],
      ['APPLY_GROUP_BRANCH_PROTECTIONS', 'pending', 2, 3, 1],
      ['SEED_GROUP_CONTENT', 'pending', 2, 3, 1],
    ])
    const broken = failed.run.steps[3]!
    expect(broken.error).toMatchObject({ code: 'PROVIDER_FORBIDDEN', message: expect.stringContaining('atelier') })
    expect(broken.items.map(({ key, status }) => [key, status]))
      .toEqual([['group-1', 'completed'], ['group-2', 'failed'], ['group-3', 'completed']])

    await atelier.github.removeFault(fault)
    await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])
    expect((await retry(id)).status).toBe(202)
    const done = await atelier.api.reached(id, 'COMPLETED')
    expect(done.run).toMatchObject({ retryOf: first.id, error: null })
    expect(done.run.steps.map(({ status, attempts }) => [status, attempts])).toEqual(done.run.steps.map(() => ['completed', 1]))
    const finished = (run: typeof done.run) => run.steps[3]!.items[0]
    expect(finished(done.run)).toEqual(finished(failed.run))
    expect(done.run.steps[0]).toEqual(failed.run.steps[0])
    expect(await atelier.discord.calls()).toEqual([])
    expect(new Set((await atelier.github.calls()).map(({ path }) => /group-\d/.exec(path)?.[0] ?? 'new')))
      .toEqual(new Set(['new', 'group-2']))
    expect((await repos(atelier)).get('mixed-2026-group-1')!.branches.main!.commits, 'its seed is not made again').toHaveLength(2)
  })

  it('does not hold up the others: each chain runs as soon as its own inputs are there', async () => {
    const fault = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'beside-2026-group-1', when: 'before', action: 'hold',
    })
    const { body: { id } } = await atelier.api.createCourse(laboratory('Beside', 3))
    await until(async () => (await stepOf(id, 'SEED_GROUP_CONTENT')).done === 2)
    expect(await stepOf(id, 'CREATE_GROUP_REPOS')).toMatchObject({ status: 'running', done: 2, total: 3 })
    await atelier.github.removeFault(fault)
    await atelier.api.reached(id, 'COMPLETED')
  })
})

describe('a retry', () => {
  it('is refused while the course runs, when it is complete, and where there is no course', async () => {
    const fault = await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'fine-2026', when: 'before', action: 'hold' })
    const { body: { id } } = await atelier.api.createCourse(lecture('Fine'))
    await atelier.github.reached(fault)
    expectProblem(await retry(id), 409, 'NOT_FAILED')
    await atelier.github.removeFault(fault)
    await atelier.api.reached(id, 'COMPLETED')
    expect(expectProblem(await retry(id), 409, 'NOT_FAILED').detail).toContain('completed')
    expectProblem(await retry(randomUUID()), 404, 'NOT_FOUND')
    expectProblem(await retry('not-an-id'), 400, 'VALIDATION_FAILED')
  })

  it('sent ten times at once is one', async () => {
    await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'twice-2026', when: 'before', action: 'status', status: 403 })
    const { body: { id } } = await atelier.api.createCourse(lecture('Twice'))
    await atelier.api.reached(id, 'FAILED')
    const answers = await Promise.all(Array.from({ length: 10 }, () => retry(id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)])
    await atelier.api.reached(id, 'COMPLETED')
    const { body } = await atelier.api.call<{ total: number }>('GET', `/api/runs?subjectId=${id}`)
    expect(body.total).toBe(2)
    expect((await repos(atelier)).get('twice-2026')!.branches.main!.commits).toHaveLength(2)
  })
})
