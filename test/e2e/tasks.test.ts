import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Challenge } from '../../shared/schemas/challenge.ts'
import type { Contributor } from '../../shared/schemas/contributor.ts'
import type { Assignee, AssignedTask, Task } from '../../shared/schemas/task.ts'
import { paddedIndex } from '../../shared/utils/workspace-names.ts'
import type { Answer } from '../support/api.ts'
import { repos as reposOutside } from '../support/outside.ts'
import { expectProblem } from '../support/problems.ts'
import {
  assign, link, type Linked, linkedChallenge, newChallenge, newContributor, newTask, projectWith, untilMade,
} from '../support/projects.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'

const atelier = useSharedAtelier()
const shown = async (task: Task) => (await atelier.api.call<Task>('GET', `/api/tasks/${task.uuid}`)).body
const change = <T = Task>(task: Task, body: object) => atelier.api.call<T>('PUT', `/api/tasks/${task.uuid}`, { body })
const unassign = (task: Task, { uuid }: { uuid: string }) => atelier.api.call('DELETE', `/api/tasks/${task.uuid}/assign?userId=${uuid}`)
const people = (...names: string[]) => Promise.all(names.map(name => newContributor(atelier, name)))
const branches = async (repo: string) => Object.keys((await reposOutside(atelier)).get(repo)!.branches).sort()
const ids = ({ provisioning }: AssignedTask) => provisioning.map(({ workspace }) => workspace!.workspace_id)
const allReady = (task: Task, count: number) => until(async () => {
  const { workspaces } = await shown(task)
  return workspaces.length === count && workspaces.every(({ status }) => status === 'ready') ? workspaces : undefined
})
const runsAbout = (subjects: string[]) => withDatabase(atelier.databaseUrl, async sql => (await sql`
  select 1 from job_executions where subject_id in ${sql(subjects)}`).length)
const numbered = ({ index }: Challenge, title: string) => `${paddedIndex(index)}-${title}`
/** Gives a task for the first time. Where its branches took longer than the request waits, it is unassigned and assigned again. */
function give(task: Task, user: Contributor, repos = 1) {
  let asked = false
  return untilMade(async () => {
    if (asked) {
      await allReady(task, repos)
      await unassign(task, user)
    }
    asked = true
    return assign(atelier, task, user)
  })
}
/** How many of each status and code answered. */
const tally = (answers: Answer<unknown>[]) => {
  const byOutcome = Object.groupBy(answers, ({ status, body }) => `${status} ${(body as { code?: string }).code ?? ''}`.trim())
  return Object.fromEntries(Object.entries(byOutcome).map(([outcome, all]) => [outcome, all!.length]))
}

describe('assigning a task', () => {
  it('makes its branch from the challenge\'s in every linked repository', async () => {
    const { challenge, repos } = await linkedChallenge(atelier, 'Admin Experience Update', 'server', 'client')
    const task = await newTask(atelier, challenge, 'Setup Environment')
    const [ada] = await people('Ada Lovelace')
    const { status, body } = await give(task, ada!, 2)
    expect(status).toBe(201)
    expect(body.assignment).toMatchObject({ task_id: task.uuid, user_id: ada!.uuid })
    expect(body.provisioning.map(({ repo_id }) => repo_id).sort()).toEqual(repos.map(({ uuid }) => uuid).sort())
    for (const { status, workspace } of body.provisioning)
      expect([status, workspace]).toMatchObject(['ready', {
        ref: `refs/heads/task/${numbered(challenge, 'setup-environment')}`,
        meta: { baseBranch: `challenge/${numbered(challenge, 'admin-experience-update')}` },
      }])
    expect(await branches('server')).toContain(`task/${numbered(challenge, 'setup-environment')}`)
    expect(await shown(task)).toMatchObject({
      assignees: [{ uuid: ada!.uuid, assigned_at: body.assignment.assigned_at }],
      workspaces: [{ status: 'ready' }, { status: 'ready' }],
    })
  })

  it('of a concurrent task gives later ones the same workspaces', async () => {
    const { challenge } = await linkedChallenge(atelier, 'Shared', 'shared')
    const task = await newTask(atelier, challenge, 'Write together', { type: 'concurrent' })
    const [bob, eve] = await people('Bob', 'Eve')
    const first = await give(task, bob!)
    const runs = await runsAbout(ids(first.body))
    const second = await assign(atelier, task, eve!)
    expect([first.status, second.status, ids(second.body)]).toEqual([201, 201, ids(first.body)])
    expect(await runsAbout(ids(first.body))).toBe(runs)
    const { body: { items } } = await atelier.api.call<{ items: Assignee[] }>('GET', `/api/tasks/${task.uuid}/assignees`)
    expect(items.map(({ full_name }) => full_name)).toEqual(['Bob', 'Eve'])
    expectProblem(await assign(atelier, task, eve!), 409, 'ALREADY_ASSIGNED')
    expectProblem(await change(task, { type: 'solo' }), 409, 'SEVERAL_ASSIGNEES')
    expect((await shown(task)).type).toBe('concurrent')
  })

  it('gives a solo task once, though twenty contributors race for it', async () => {
    const { challenge } = await linkedChallenge(atelier, 'Race', 'race')
    const task = await newTask(atelier, challenge, 'Only one')
    const racers = await people(...Array.from({ length: 20 }, (_, n) => `Racer ${n}`))
    const answers = await Promise.all(racers.map(racer => assign(atelier, task, racer)))
    expect(answers.filter(({ status }) => [201, 202].includes(status))).toHaveLength(1)
    expect(tally(answers)).toMatchObject({ '409 TASK_TAKEN': 19 })
    const [workspace] = await allReady(task, 1)
    const winner = answers.find(({ status }) => status < 300)!.body
    expect([(await shown(task)).assignees.map(({ uuid }) => uuid), ids(winner)])
      .toEqual([[winner.assignment.user_id], [workspace!.workspace_id]])
    expect(await branches('race')).toEqual([`challenge/${numbered(challenge, 'race')}`, 'main', `task/${numbered(challenge, 'only-one')}`])
  })

  it('gives a task once to somebody who asks ten times at once', async () => {
    const { project } = await projectWith(atelier)
    const task = await newTask(atelier, await newChallenge(atelier, project, 'Unlinked'), 'Again and again', { type: 'concurrent' })
    const [zoe] = await people('Zoe')
    const answers = await Promise.all(Array.from({ length: 10 }, () => assign(atelier, task, zoe!)))
    expect(tally(answers)).toEqual({ '201': 1, '409 ALREADY_ASSIGNED': 9 })
    expect(answers.find(({ status }) => status === 201)!.body.provisioning, 'a challenge without repositories').toEqual([])
  })

  it('is done once for an Idempotency-Key, with one answer', async () => {
    const { challenge } = await linkedChallenge(atelier, 'Keys', 'keys')
    const [task, other] = [await newTask(atelier, challenge, 'With a key'), await newTask(atelier, challenge, 'Another')]
    const [kim, max] = await people('Kim', 'Max')
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 5 }, () => assign(atelier, task, kim!, key)))
    const later = await assign(atelier, task, kim!, key)
    // On a machine that is too slow for it, the one answer is that it goes on.
    expect([{ 201: 6 }, { 202: 6 }]).toContainEqual(tally([...answers, later]))
    expect(new Set([...answers, later].map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expectProblem(await assign(atelier, task, max!, key), 409, 'IDEMPOTENCY_KEY_REUSED')
    expectProblem(await assign(atelier, other, kim!, key), 409, 'IDEMPOTENCY_KEY_REUSED')
  })

  it('shows what could not be made, and keeps the contributor', async () => {
    const { challenge } = await linkedChallenge(atelier, 'Trouble', 'trouble')
    const task = await newTask(atelier, challenge, 'Blocked')
    const [una] = await people('Una')
    await atelier.github.fault({
      operation: 'git/create-ref', subject: '/blocked/', when: 'before',
      action: 'status', status: 401, body: { message: 'Bad credentials' },
    })
    const { status, body } = await assign(atelier, task, una!)
    expect([status, body.provisioning]).toMatchObject([
      202, [{ status: 'failed', error: { name: 'ProviderAuthenticationError', fix: expect.stringContaining('GITHUB_TOKEN') } }],
    ])
    const again = await atelier.api.call('POST', `/api/workspaces/${ids(body)[0]}/reprovision`)
    expect([again.status, again.body.status]).toEqual([201, 'ready'])
    expect((await shown(task)).assignees).toHaveLength(1)
  })

  it('makes its challenge\'s branch, too, when that could not be made before, which then shows no trouble any more', async () => {
    const { project, repos: [repo] } = await projectWith(atelier, 'recovered')
    const challenge = await newChallenge(atelier, project, 'Recovered')
    await atelier.github.fault({
      operation: 'git/create-ref', subject: '/recovered/', when: 'before',
      action: 'status', status: 401, body: { message: 'Bad credentials' },
    })
    expect((await link(atelier, challenge, repo!)).body.provisioning)
      .toMatchObject({ status: 'failed', error: { name: 'ProviderAuthenticationError' } })
    const [ivy] = await people('Ivy')
    expect((await give(await newTask(atelier, challenge, 'Begin'), ivy!)).status).toBe(201)
    const { body: { items } } = await atelier.api.call<{ items: Linked[] }>('GET', `/api/challenges/${challenge.uuid}/repos`)
    expect(items).toMatchObject([{ provisioning: { status: 'ready', error: null } }])
  })
})

describe('unassigning a task', () => {
  it('keeps the workspaces for the next one', async () => {
    const { challenge } = await linkedChallenge(atelier, 'Handed on', 'handed-on')
    const task = await newTask(atelier, challenge, 'Relay')
    const [one, two] = await people('First', 'Second')
    const first = await give(task, one!)
    expectProblem(await unassign(task, two!), 409, 'NOT_ASSIGNED')
    expectProblem(await unassign(task, { uuid: randomUUID() }), 404, 'NOT_FOUND')
    expect(await unassign(task, one!)).toMatchObject({ status: 200, body: { success: true } })
    expect(await shown(task)).toMatchObject({ assignees: [], workspaces: [{ status: 'ready' }] })
    const second = await assign(atelier, task, two!)
    expect([second.status, ids(second.body)]).toEqual([201, ids(first.body)])
    expectProblem(await unassign(task, one!), 409, 'NOT_ASSIGNED')
  })
})

describe('a repository that is linked after tasks were assigned', () => {
  it('gets their workspaces, too, from the challenge\'s branch there', async () => {
    const { project, repos: [early, late] } = await projectWith(atelier, 'early', 'late')
    const challenge = await newChallenge(atelier, project, 'Growing')
    await link(atelier, challenge, early!)
    const [given, free] = [await newTask(atelier, challenge, 'Given'), await newTask(atelier, challenge, 'Free')]
    await assign(atelier, given, (await people('Gil'))[0]!)
    expect((await untilMade(() => link(atelier, challenge, late!))).status).toBe(201)
    const workspaces = await allReady(given, 2)
    expect(workspaces.find(({ repo_id }) => repo_id === late!.uuid)!.meta)
      .toMatchObject({ baseBranch: expect.stringMatching(/^challenge\/\d{3}-growing$/) })
    expect((await shown(free)).workspaces).toEqual([])
  })

  it('and at the very moment when they are, lacks none', async () => {
    const { project, repos } = await projectWith(atelier, 'moment-1', 'moment-2', 'moment-3')
    const [mia] = await people('Mia')
    const challenge = await newChallenge(atelier, project, 'Moment')
    const tasks = await Promise.all(['a', 'b', 'c', 'd'].map(title => newTask(atelier, challenge, title)))
    const answers = await Promise.all([
      ...tasks.map(task => assign(atelier, task, mia!)), ...repos.map(repo => link(atelier, challenge, repo)),
    ])
    expect(answers.filter(({ status }) => status >= 300)).toEqual([])
    const ofRepos = repos.map(({ uuid }) => uuid).sort()
    for (const task of tasks) expect((await shown(task)).workspaces.map(({ repo_id }) => repo_id).sort()).toEqual(ofRepos)
    await Promise.all(tasks.map(task => allReady(task, 3)))
  })
})

describe('a task', () => {
  it('of the same title as another gets a branch of its own, in any script', async () => {
    const { challenge, links: [linked] } = await linkedChallenge(atelier, 'Titles', 'titles')
    const titles = ['Same', 'Same', 'same!', '環境の設定', '🎓', '🎓', 'HEAD', '@', '..', 'a'.repeat(40), 'x'.repeat(255), 'x'.repeat(255)]
    const tasks = await Promise.all(titles.map(title => newTask(atelier, challenge, title, { type: 'concurrent' })))
    const [ann] = await people('Ann')
    const answers = await Promise.all(tasks.map(task => assign(atelier, task, ann!)))
    expect(answers.filter(({ status }) => status >= 300)).toEqual([])
    const made = (await Promise.all(tasks.map(task => allReady(task, 1)))).flat()
    expect(new Set(made.map(({ ref }) => ref)).size).toBe(titles.length)
    const refs = [linked!.provisioning.ref, ...made.map(({ ref }) => ref)]
    expect(await branches('titles')).toEqual([...refs.map(ref => ref.replace('refs/heads/', '')), 'main'].sort())
  })

  it('is done when it is completed, and the challenge so much further', async () => {
    const { project } = await projectWith(atelier)
    const challenge = await newChallenge(atelier, project, 'Progress')
    const tasks = await Promise.all(['1', '2', '3', '4'].map(title => newTask(atelier, challenge, title)))
    const completion = async () => (await atelier.api.call<Challenge>('GET', `/api/challenges/${challenge.uuid}`)).body.completion
    expect(await completion()).toBe(0)
    for (const _ of ['once', 'twice'])
      expect((await atelier.api.call<Task>('PATCH', `/api/tasks/${tasks[0]!.uuid}/complete`)).body.status).toBe('done')
    expect(await completion()).toBe(0.25)
    const done = await atelier.api.call<{ items: Task[], total: number }>('GET', `/api/tasks?challenge_id=${challenge.uuid}&status=done`)
    expect(done.body).toMatchObject({ total: 1, items: [{ uuid: tasks[0]!.uuid }] })
    expect((await change(tasks[0]!, { status: 'todo' })).body.status).toBe('todo')
    expect(await completion()).toBe(0)
  })

  it('can be a part of another, never of itself or of another challenge\'s', async () => {
    const { project } = await projectWith(atelier)
    const [challenge, other] = [await newChallenge(atelier, project, 'Parts'), await newChallenge(atelier, project, 'Elsewhere')]
    const top = await newTask(atelier, challenge, 'Top')
    const middle = await newTask(atelier, challenge, 'Middle', { parent_task_id: top.uuid })
    const leaf = await newTask(atelier, challenge, 'Leaf', { parent_task_id: middle.uuid })
    const stranger = await newTask(atelier, other, 'Stranger')
    expectProblem(await change(top, { parent_task_id: leaf.uuid }), 422, 'PARENT_CYCLE')
    expectProblem(await change(top, { parent_task_id: top.uuid }), 422, 'PARENT_CYCLE')
    expectProblem(await change(top, { parent_task_id: stranger.uuid }), 422, 'FOREIGN_PARENT')
    expectProblem(await atelier.api.call('POST', '/api/tasks', {
      body: { title: 'T', challenge_id: other.uuid, parent_task_id: top.uuid },
    }), 422, 'FOREIGN_PARENT')
    expectProblem(await atelier.api.call('POST', '/api/tasks', {
      body: { title: 'T', challenge_id: other.uuid, parent_task_id: randomUUID() },
    }), 404, 'NOT_FOUND')
    expect((await shown(top)).parent_task_id).toBe(null)
    expect((await change(leaf, { parent_task_id: null, description: 'Alone' })).body)
      .toMatchObject({ parent_task_id: null, description: 'Alone', title: 'Leaf' })
    const answers = await Promise.all([change(top, { parent_task_id: leaf.uuid }), change(leaf, { parent_task_id: middle.uuid })])
    expect(tally(answers), 'of two that together make a cycle one is refused').toEqual({ '200': 1, '422 PARENT_CYCLE': 1 })
  })
})
