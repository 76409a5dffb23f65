import { describe, expect, it } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { Course } from '../../shared/schemas/course.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { expectExactlyOnce } from '../chaos/exactly-once.ts'
import { combined, laboratory } from '../support/courses.ts'
import { guild, repos } from '../support/outside.ts'
import { expectProblem } from '../support/problems.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { RETRY_BASE_MS: '200' } })

/** Creates a course and waits until all of it is made but one protection, which is held. */
async function createHeld(body: { name: string, labGroups?: unknown[] }): Promise<{ course: Course, release: () => Promise<unknown> }> {
  const slug = `${body.name.toLowerCase()}-2026`
  const held = await atelier.github.fault({
    operation: 'repos/update-branch-protection', subject: `/${slug}-group-1#/`, when: 'before', action: 'hold', times: 99,
  })
  const { body: { id } } = await atelier.api.createCourse(body)
  await until(async () => (await atelier.api.course(id)).run.steps.every(({ done, total, name }) =>
    done === total - Number(name === 'APPLY_GROUP_BRANCH_PROTECTIONS')))
  return { course: await atelier.api.course(id), release: () => atelier.github.removeFault(held) }
}

const rollback = async ({ run }: Course) =>
  (await atelier.api.call<Run & { rolledBackBy: RunSummary }>('POST', `/api/runs/${run.id}/cancel`, { body: { rollback: true } })).body
const retry = (runId: string) => atelier.api.call<Run>('POST', `/api/runs/${runId}/retry`)
const ended = (runId: string) => until(async () => {
  const { body } = await atelier.api.call<Run>('GET', `/api/runs/${runId}`)
  return ['completed', 'failed'].includes(body.status) ? body : undefined
}, { what: () => `the run ${runId} to end\n${atelier.server.output().slice(-2_000)}` })

async function outside(url: string, token: string, method: string, path: string, body?: object) {
  const response = await fetch(url + path, {
    method, headers: { 'authorization': token, 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  })
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true)
  return response.status === 204 ? undefined : await response.json() as { object: { sha: string } }
}
const github = (method: string, path: string, body?: object) =>
  outside(`${atelier.github.url}/api/v3`, `Bearer ${GITHUB_TOKEN}`, method, `/repos/${GITHUB_ORG}/${path}`, body)
const discord = (method: string, path: string, body?: object) =>
  outside(`${atelier.discord.url}/api/v10`, `Bot ${DISCORD_BOT_TOKEN}`, method, path, body)

/** What of a course is left outside, by name. */
async function leftOf(slug: string, category: string): Promise<string[]> {
  const { channels, roles } = await guild(atelier)
  const parent = channels.find(({ name }) => name === category)
  return [
    ...[...(await repos(atelier)).keys()].filter(name => name.startsWith(slug)),
    ...channels.filter(channel => channel.name === category || (parent && channel.parent_id === parent.id)).map(({ name }) => name!),
    ...roles.filter(({ name }) => name.startsWith(slug)).map(({ name }) => name),
  ]
}

describe('what a cancelled run made', () => {
  it('is removed once its last call has ended, the newest first, and nothing else', async () => {
    const { course, release } = await createHeld(combined('Whole', 2))
    const before = await guild(atelier)
    const made = await atelier.api.resources(course.id)
    await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])
    const cancelled = await rollback(course)
    expect(cancelled).toMatchObject({
      status: 'cancelled', rolledBackBy: { workflow: 'rollback-course', rollbackOf: course.run.id, subjectId: course.id },
    })
    expectProblem(await atelier.api.call('POST', `/api/courses/${course.id}/retry`), 409, 'SUBJECT_BUSY')
    await until(async () => (await atelier.api.course(course.id)).rollback?.steps[0]?.status !== 'completed')
    expect((await atelier.github.calls()).filter(({ method }) => method === 'DELETE')).toEqual([])
    await release()

    const run = await ended(cancelled.rolledBackBy.id)
    expect(run.status, JSON.stringify(run.error)).toBe('completed')
    expect(run.steps.map(({ name, done, total }) => [name, done, total])).toEqual([
      ['AWAIT_LAST_CALLS', 1, 1], ['REMOVE_REPOS', 3, 3], ['REMOVE_CHANNELS', 6, 6], ['REMOVE_ROLES', 2, 2], ['REMOVE_CATEGORIES', 1, 1]])
    expect(await leftOf('whole-2026', 'Whole · 2026')).toEqual([])
    expect((await atelier.api.resources(course.id)).map(({ type }) => type)).toEqual(['GUILD'])
    expect(await atelier.api.course(course.id))
      .toMatchObject({ status: 'CANCELLED', githubRepoUrl: null, rollback: { id: run.id, status: 'completed' } })

    const ages = new Map(made.map(({ type, externalId, name, createdAt }) =>
      [type === 'REPO' ? `${GITHUB_ORG}/${name}` : externalId, createdAt]))
    for (const service of [atelier.github, atelier.discord]) {
      const removed = (await service.calls()).filter(({ method }) => method === 'DELETE')
      expect(removed.every(({ effect }) => effect)).toBe(true)
      const order = removed.map(({ path, subject }) => ages.get(subject) ?? ages.get(path.split('/').at(-1)!)!)
      expect(order).toEqual(order.toSorted().reverse())
    }
    const mine = new Set(made.map(({ externalId }) => externalId))
    const others = (all: { id: string }[]) => all.map(({ id }) => id).filter(id => !mine.has(id)).sort()
    const after = await guild(atelier)
    expect([others(after.channels), others(after.roles)]).toEqual([others(before.channels), others(before.roles)])
  })

  it('is created again when the course is retried', async () => {
    const { course, release } = await createHeld(laboratory('Again', 2))
    const cancelled = await rollback(course)
    await release()
    expect((await ended(cancelled.rolledBackBy.id)).status).toBe('completed')
    expect((await retry(course.run.id)).status).toBe(202)
    const again = await atelier.api.reached(course.id, 'COMPLETED')
    expect(again).toMatchObject({ rollback: null, run: { retryOf: course.run.id } })
    await expectExactlyOnce(atelier, again)
  })

  it('by a run and by the one it is a retry of is removed all', async () => {
    const fault = await atelier.github.fault({
      operation: 'repos/create-in-org', subject: 'chain-2026-group-2', when: 'before', action: 'status', status: 403,
    })
    const { body: { id } } = await atelier.api.createCourse(laboratory('Chain', 2))
    await atelier.api.reached(id, 'FAILED')
    await atelier.github.removeFault(fault)
    const held = await atelier.github.fault({
      operation: 'git/create-tree', subject: '/chain-2026-group-2/', when: 'before', action: 'hold',
    })
    await atelier.api.call('POST', `/api/courses/${id}/retry`)
    await atelier.github.reached(held)
    const cancelled = await rollback(await atelier.api.course(id))
    await atelier.github.removeFault(held)
    expect((await ended(cancelled.rolledBackBy.id)).status).toBe('completed')
    expect(await leftOf('chain-2026', 'Chain · 2026')).toEqual([])
  })
})

describe('what people have changed', () => {
  it('is left, with a conflict that says so; the rest is removed, and a retry goes on when it is gone', async () => {
    const { course, release } = await createHeld(laboratory('Changed', 5))
    const resources = await atelier.api.resources(course.id)
    const resource = (type: string, key: string) => resources.find(one => one.type === type && one.key === key)!
    const head = await github('GET', 'changed-2026-group-2/git/ref/heads/main')
    await github('POST', 'changed-2026-group-2/git/refs', { ref: 'refs/heads/homework', sha: head!.object.sha })
    await github('PUT', 'changed-2026-group-3/contents/notes.md', { message: 'Notes', content: Buffer.from('mine').toString('base64') })
    await github('PATCH', 'changed-2026-group-4', { description: 'Ours now' })
    await atelier.github.settings({ seed: { issues: [{ repo: 'changed-2026-group-5', title: 'When is the exam?' }] } })
    // Stands in for members of the groups, who alone see their channels.
    for (const group of ['group-1', 'group-2', 'group-4'])
      await discord('PUT', `/guilds/${course.discordGuildId}/members/${DISCORD_CLIENT_ID}/roles/${resource('ROLE', group).externalId}`)
    await discord('POST', `/channels/${resource('CHANNEL', 'group-1').externalId}/messages`, { content: 'hello' })
    await discord('PATCH', `/channels/${resource('CHANNEL', 'group-2').externalId}`, { topic: 'Something else' })
    await discord('PATCH', `/guilds/${course.discordGuildId}/roles/${resource('ROLE', 'group-3').externalId}`, { name: 'Tutors' })
    // Gone already: by a person, by hand.
    await discord('DELETE', `/channels/${resource('CHANNEL', 'group-4').externalId}`)
    const cancelled = await rollback(course)
    await release()

    const failed = await ended(cancelled.rolledBackBy.id)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'RESOURCE_CONFLICT', fix: expect.stringContaining('press Retry') } })
    const failures = failed.steps.flatMap(({ name, items }) =>
      items.filter(({ status }) => status === 'failed').map(({ key, error }) => [name, key, error?.why]))
    expect(failures.sort()).toEqual([
      ['REMOVE_CATEGORIES', 'main', 'The category still contains channels.'],
      ['REMOVE_CHANNELS', 'group-1', expect.stringContaining('written')],
      ['REMOVE_CHANNELS', 'group-2', expect.stringContaining('mark')],
      ['REMOVE_REPOS', 'group-2', expect.stringContaining('pushed')],
      ['REMOVE_REPOS', 'group-3', expect.stringContaining('pushed')],
      ['REMOVE_REPOS', 'group-4', expect.stringContaining('mark')],
      ['REMOVE_REPOS', 'group-5', expect.stringContaining('opened an issue')],
      ['REMOVE_ROLES', 'group-1', expect.stringContaining('channel of this role')],
      ['REMOVE_ROLES', 'group-2', expect.stringContaining('channel of this role')],
      ['REMOVE_ROLES', 'group-3', expect.stringContaining('called')],
    ])
    expect([...(await repos(atelier)).keys()].filter(name => name.startsWith('changed')).sort())
      .toEqual([2, 3, 4, 5].map(n => `changed-2026-group-${n}`))
    expect((await atelier.api.course(course.id)).status).toBe('CANCELLED')

    for (const n of [2, 3, 4, 5]) await github('DELETE', `changed-2026-group-${n}`)
    for (const n of [1, 2]) await discord('DELETE', `/channels/${resource('CHANNEL', `group-${n}`).externalId}`)
    await discord('DELETE', `/guilds/${course.discordGuildId}/roles/${resource('ROLE', 'group-3').externalId}`)
    const again = await retry(failed.id)
    expect([again.status, again.body.rollbackOf]).toEqual([202, course.run.id])
    expect((await ended(again.body.id)).status).toBe('completed')
    expect(await leftOf('changed-2026', 'Changed · 2026')).toEqual([])
  })
})

it('without the right to delete says which scope is missing, and goes on with it', async () => {
  const { course, release } = await createHeld(laboratory('Scoped', 1))
  await atelier.github.settings({ tokens: { [GITHUB_TOKEN]: { scopes: ['repo', 'admin:org'] } } })
  const cancelled = await rollback(course)
  await release()
  const failed = await ended(cancelled.rolledBackBy.id)
  expect(failed.error).toMatchObject({ code: 'PROVIDER_FORBIDDEN', fix: expect.stringContaining('delete_repo') })
  await atelier.github.settings({ tokens: { [GITHUB_TOKEN]: { scopes: ['repo', 'admin:org', 'delete_repo'] } } })
  const again = await retry(failed.id)
  expect((await ended(again.body.id)).status).toBe('completed')
  expectProblem(await retry(failed.id), 409, 'SUPERSEDED')
  expect(await leftOf('scoped-2026', 'Scoped · 2026')).toEqual([])
})
