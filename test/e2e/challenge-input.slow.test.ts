import { beforeAll, describe, expect, it } from 'vitest'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import type { Challenge, ChallengeLink } from '../../shared/schemas/challenge.ts'
import type { Contributor } from '../../shared/schemas/contributor.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { Task } from '../../shared/schemas/task.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { outsideCalls, repos as reposOutside } from '../support/outside.ts'
import { expectProblem } from '../support/problems.ts'
import {
  branchOnGitHub, link, linkedChallenge, make, newChallenge, newContributor, newTask, onGitHub, projectWith,
} from '../support/projects.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const nobody = '00000000-0000-4000-8000-000000000000'
const known = {} as { project: Project, repo: Repo, gitlab: Repo, foreign: Repo, challenge: Challenge, task: Task, user: Contributor }

beforeAll(async () => {
  const { project, repos: [repo] } = await projectWith(atelier, 'known')
  const { repos: [foreign] } = await projectWith(atelier, 'foreign')
  const gitlab = await make<Repo>(atelier, '/api/repos', {
    title: 'Elsewhere', type: 'gitlab', external_repo_id: 'group/known', project_id: project.uuid,
  })
  const challenge = await newChallenge(atelier, project, 'Known', { start_date: '2026-09-01' })
  const [task, user] = [await newTask(atelier, challenge, 'Known'), await newContributor(atelier, 'Known')]
  Object.assign(known, { project, repo, gitlab, foreign, challenge, task, user })
})

/** Everything there is here, and every call that went out. */
const everything = async () => ({
  calls: (await outsideCalls(atelier)).length,
  rows: await withDatabase(atelier.databaseUrl, async (sql) => {
    const [row] = await sql`
      select
        (select json_agg(t) from projects t) projects,
        (select json_agg(t) from repos t) repos,
        (select json_agg(t) from challenges t) challenges,
        (select json_agg(t) from tasks t) tasks,
        (select json_agg(t) from contributors t) contributors,
        (select count(*) from task_assignees) assignees,
        (select count(*) from challenge_repos) links,
        (select count(*) from task_workspaces) workspaces,
        (select count(*) from job_executions) runs,
        (select count(*) from idempotency_keys) keys,
        (select count(*) from external_resources) resources,
        (select count(*) from audit_log) audit`
    return row
  }),
})

const send = (method: string, path: string, body?: object) => atelier.api.call(method, path, { body })
const noText: [string, unknown][] = [
  ['nothing', undefined],
  ['an empty one', ''],
  ['blanks', ' \u00A0\u3000'],
  ['256 characters', 'x'.repeat(256)],
  ['two lines', 'a\nb'],
  ['a NUL', 'a\u0000b'],
  ['a bell', 'a\u0007b'],
  ['text turned around', 'a\u202Eb'],
  ['an isolate', 'a\u2066b'],
  ['a zero-width space', 'a\u200Bb'],
  ['nothing that can be seen', '\u3164'],
  ['half a character', 'a\uD83D'],
  ['a number', 7],
  ['null', null],
]
const noBranch = [
  '', '-x', '--force', 'a..b', 'a~b', 'a^b', 'a:b', 'a\\b', 'a b', 'a*b', 'HEAD', '@', 'a@{1}',
  'refs/heads/main', 'a.lock', 'a\u0007b', 'a\u202Eb', 'a'.repeat(40), 'x'.repeat(201),
]
const noRepo = [
  undefined, '', 'leaderboard', 'a/b/c', 'a/..', '../a', '-a/b', 'a/b.git', 'a b/c',
  'https://github.com/a/b', 'a/b?c', 'a/b#c', 'ä/b', `a/${'b'.repeat(101)}`,
]
const noUser = ['', '-a', 'a b', 'a/b', '@a', 'a'.repeat(40), 'ä', 'a\u202Eb']

type Request = [method: string, path: string, body?: object]
/** Requests that are right, but for what a test says otherwise. */
const repoWith = (more: object): Request =>
  ['POST', '/api/repos', { title: 'R', type: 'github', external_repo_id: 'a/b', project_id: known.project.uuid, ...more }]
const challengeWith = (more: object): Request => ['POST', '/api/challenges', { title: 'C', project_id: known.project.uuid, ...more }]
const linkWith = (more: object): Request =>
  ['POST', '/api/repos/challenge-repos', { challenge_id: known.challenge.uuid, repo_id: known.repo.uuid, ...more }]

/** What is wrong, the request, and the field that the answer names. */
const refused: [string, () => Request, string][] = [
  ...noText.flatMap(([what, title]): (typeof refused)[number][] => [
    [`a project called ${what}`, () => ['POST', '/api/projects', { title }], 'title'],
    [`a repository called ${what}`, () => repoWith({ title }), 'title'],
    [`a challenge called ${what}`, () => challengeWith({ title }), 'title'],
    [`a task called ${what}`, () => ['POST', '/api/tasks', { title, challenge_id: known.challenge.uuid }], 'title'],
    [`a contributor called ${what}`, () => ['POST', '/api/contributors', { full_name: title, github_username: 'a' }], 'full_name'],
  ]),
  ...noBranch.map((base_branch): (typeof refused)[number] =>
    [`a base branch "${base_branch}"`, () => linkWith({ base_branch }), 'base_branch']),
  ...noRepo.map((external_repo_id): (typeof refused)[number] =>
    [`a repository "${external_repo_id}"`, () => repoWith({ external_repo_id }), 'external_repo_id']),
  ...noUser.map((github_username): (typeof refused)[number] =>
    [`a GitHub user "${github_username}"`, () => ['POST', '/api/contributors', { full_name: 'A', github_username }], 'github_username']),
  ['a Figma team of letters', () => repoWith({ type: 'figma', external_repo_id: 'team' }), 'external_repo_id'],
  ['a repository that moves to no owner/name', () => [
    'PUT', `/api/repos/${known.repo.uuid}`, { external_repo_id: 'nowhere' },
  ], 'external_repo_id'],
  ['an unknown type of repository', () => repoWith({ type: 'svn' }), 'type'],
  ['a challenge numbered 0', () => challengeWith({ index: 0 }), 'index'],
  ['a challenge that ends before it starts', () => challengeWith({ start_date: '2026-02-01', end_date: '2026-01-01' }), 'end_date'],
  ['a day that does not exist', () => ['PUT', `/api/challenges/${known.challenge.uuid}`, { end_date: '2026-02-30' }], 'end_date'],
  ['a new number for a challenge', () => ['PUT', `/api/challenges/${known.challenge.uuid}`, { index: 8 }], 'index'],
  ['a reward below nothing', () => challengeWith({ contribution_points_reward: -1 }), 'contribution_points_reward'],
  ['a task of an unknown type', () => ['POST', '/api/tasks', { title: 'T', challenge_id: known.challenge.uuid, type: 'group' }], 'type'],
  ['a task that moves to another challenge', () => [
    'PUT', `/api/tasks/${known.task.uuid}`, { challenge_id: known.challenge.uuid },
  ], 'challenge_id'],
  ['a change of nothing', () => ['PUT', `/api/projects/${known.project.uuid}`, {}], ''],
  ['a workspace of an unknown type', () => linkWith({ workspace_type: 'notion_page' }), 'workspace_type'],
  ['an option that the provider has not', () => linkWith({ options: { colour: 'red' } }), 'colour'],
  ['an assignment to no id', () => ['POST', `/api/tasks/${known.task.uuid}/assign`, { userId: 'ada' }], 'userId'],
  ['an assignment to nobody', () => ['POST', `/api/tasks/${known.task.uuid}/assign`, {}], 'userId'],
  ['the end of a link to nothing', () => ['DELETE', `/api/repos/challenge-repos?challenge_id=${known.challenge.uuid}`], 'repo_id'],
  ['a removal that is neither wanted nor not', () => ['DELETE', `/api/workspaces/${nobody}?deprovision=maybe`], 'deprovision'],
  ['a list by an unknown status', () => ['GET', '/api/tasks?status=open'], 'status'],
  ['a list by an unknown field', () => ['GET', '/api/challenges?title=x'], 'title'],
]

/** Well-formed, but what they name is not there, or not to be had. */
const impossible: [string, () => Request, number, string][] = [
  ...['/api/projects', '/api/repos', '/api/challenges', '/api/tasks', '/api/contributors'].flatMap((path) => {
    const change = { [path === '/api/contributors' ? 'full_name' : 'title']: 'x' }
    return ['GET', 'PUT', 'DELETE'].map((method): (typeof impossible)[number] =>
      [`${method} ${path} of an unknown id`, () => [method, `${path}/${nobody}`, method === 'PUT' ? change : undefined], 404, 'NOT_FOUND'])
  }),
  ...[
    '/api/challenges/{}/repos', '/api/repos/{}/challenges', '/api/tasks/{}/assignees', '/api/workspaces/{}',
  ].map((path): (typeof impossible)[number] =>
    [`GET ${path} of an unknown id`, () => ['GET', path.replace('{}', nobody)], 404, 'NOT_FOUND']),
  ['a repository of an unknown project', () => repoWith({ project_id: nobody }), 404, 'NOT_FOUND'],
  ['a repository a second time, in another case', () => repoWith({ external_repo_id: `${GITHUB_ORG}/KNOWN` }), 409, 'REPO_EXISTS'],
  ['a challenge of an unknown project', () => challengeWith({ project_id: nobody }), 404, 'NOT_FOUND'],
  ['a number that is taken', () => challengeWith({ index: known.challenge.index }), 409, 'NUMBER_TAKEN'],
  ['an end before the start that is known', () => [
    'PUT', `/api/challenges/${known.challenge.uuid}`, { end_date: '2026-08-31' },
  ], 400, 'ENDS_BEFORE_START'],
  ['a contributor a second time, in another case', () => [
    'POST', '/api/contributors', { full_name: 'K', github_username: 'KNOWN' },
  ], 409, 'CONTRIBUTOR_EXISTS'],
  ['a task of an unknown challenge', () => ['POST', '/api/tasks', { title: 'T', challenge_id: nobody }], 404, 'NOT_FOUND'],
  ['a link of an unknown challenge', () => linkWith({ challenge_id: nobody }), 404, 'NOT_FOUND'],
  ['a link to an unknown repository', () => linkWith({ repo_id: nobody }), 404, 'NOT_FOUND'],
  ['a link to a repository of another project', () => linkWith({ repo_id: known.foreign.uuid }), 422, 'FOREIGN_REPO'],
  ['a link to a repository for which there is no provider', () =>
    linkWith({ repo_id: known.gitlab.uuid }), 422, 'PROVIDER_NOT_FOUND ProviderNotFoundError'],
  ['a workspace that such repositories do not have', () =>
    linkWith({ workspace_type: 'figma_project' }), 422, 'UNSUPPORTED_WORKSPACE_TYPE UnsupportedWorkspaceTypeError'],
  ['an assignment of an unknown task', () => ['POST', `/api/tasks/${nobody}/assign`, { userId: known.user.uuid }], 404, 'NOT_FOUND'],
  ['an assignment to an unknown contributor', () => ['POST', `/api/tasks/${known.task.uuid}/assign`, { userId: nobody }], 404, 'NOT_FOUND'],
  ['the completion of an unknown task', () => ['PATCH', `/api/tasks/${nobody}/complete`], 404, 'NOT_FOUND'],
  ['the end of a link that is not there', () => [
    'DELETE', `/api/repos/challenge-repos?challenge_id=${known.challenge.uuid}&repo_id=${known.repo.uuid}&deprovision=true`,
  ], 404, 'NOT_FOUND'],
  ['another try at an unknown workspace', () => ['POST', `/api/workspaces/${nobody}/reprovision`], 404, 'NOT_FOUND'],
  ['the removal of an unknown workspace', () => ['DELETE', `/api/workspaces/${nobody}?deprovision=true`], 404, 'NOT_FOUND'],
]

describe('what cannot be', () => {
  it('is refused field by field, and changes nothing', async () => {
    const before = await everything()
    for (const [what, request, field] of refused) {
      const { errors } = expectProblem(await send(...request()), 400, 'VALIDATION_FAILED')
      expect([what, ...new Set(errors!.map(({ field }) => field))]).toEqual([what, field])
      for (const { message, fix } of errors!)
        expect([what, message, fix]).toEqual([what, expect.stringMatching(/\w{2}/), expect.stringMatching(/\w{2}.*\.$/)])
    }
    expect(await everything()).toEqual(before)
  })

  it('because of what is there or is not, is refused, and changes nothing', async () => {
    const before = await everything()
    for (const [what, request, status, code] of impossible) {
      const problem = expectProblem(await send(...request()), status)
      expect([what, problem.code, problem.name].filter(Boolean).join(' ')).toBe(`${what} ${code}`)
    }
    expect(await everything()).toEqual(before)
  })

  it('is refused to viewers and to strangers', async () => {
    const apiKey = await atelier.api.createKey('Watcher', 'viewer')
    const before = await everything()
    const requests: [string, string, object?][] = [
      ['POST', '/api/repos/challenge-repos', { challenge_id: known.challenge.uuid, repo_id: known.repo.uuid }],
      ['POST', '/api/tasks', { title: 'T', challenge_id: known.challenge.uuid }],
      ['POST', `/api/tasks/${known.task.uuid}/assign`, { userId: known.user.uuid }],
      ['DELETE', `/api/tasks/${known.task.uuid}/assign?userId=${known.user.uuid}`],
      ['PATCH', `/api/tasks/${known.task.uuid}/complete`],
      ['DELETE', `/api/repos/challenge-repos?challenge_id=${known.challenge.uuid}&repo_id=${known.repo.uuid}`],
      ['POST', `/api/workspaces/${nobody}/reprovision`],
      ['DELETE', `/api/workspaces/${nobody}`],
      ['PUT', `/api/challenges/${known.challenge.uuid}`, { title: 'X' }],
      ['DELETE', `/api/projects/${known.project.uuid}`],
    ]
    for (const [method, path, body] of requests) {
      expectProblem(await atelier.api.call(method, path, { body, headers: { 'x-api-key': apiKey } }), 403, 'ROLE_TOO_SMALL')
      const headers = { 'x-api-key': 'wrong', ...fromElsewhere() }
      expectProblem(await atelier.api.call(method, path, { body, headers }), 401, 'NOT_SIGNED_IN')
    }
    for (const path of [
      '/api/projects', '/api/repos', '/api/challenges', '/api/tasks',
      '/api/contributors', '/api/providers', `/api/tasks/${known.task.uuid}`,
    ])
      expect([path, (await atelier.api.call('GET', path, { headers: { 'x-api-key': apiKey } })).status]).toEqual([path, 200])
    expect(await everything()).toEqual(before)
  })
})

describe('a base branch that is not there', () => {
  it('is told before anything is written', async () => {
    const { rows } = await everything()
    const problem = expectProblem(await link(atelier, known.challenge, known.repo, { base_branch: 'develop' }), 404, 'PARENT_NOT_FOUND')
    expect(problem).toMatchObject({ name: 'ParentResourceNotFoundError', detail: expect.stringContaining('develop') })
    expect((await everything()).rows).toEqual({ ...rows, audit: expect.anything() })
    expect(Object.keys((await reposOutside(atelier)).get('known')!.branches)).toEqual(['main'])
  })
})

describe('a link asked for again with another spec', () => {
  it('is refused with what stands there', async () => {
    const { repos: [repo], challenge, links: [first] } = await linkedChallenge(atelier, 'Specs', 'specs')
    await branchOnGitHub(atelier, `${GITHUB_ORG}/specs`, 'develop')
    const before = (await everything()).rows
    for (const spec of [{ base_branch: 'develop' }, { options: { adopt: true } }])
      expect(expectProblem(await link(atelier, challenge, repo!, spec), 409, 'LINKED_OTHERWISE').detail).toContain('base_branch not named')
    const again = await link(atelier, challenge, repo!, { workspace_type: 'git_branch', options: { adopt: false } })
    expect([again.status, again.body.provisioning.workspace_id]).toEqual([201, first!.provisioning.workspace_id])
    expect({ ...(await everything()).rows, audit: 0 }).toEqual({ ...before, audit: 0 })
  })
})

describe('a branch in the way', () => {
  it.each([
    ['challenge', 'in-the-way-a'],
    ['challenge/900-way/further', 'in-the-way-b'],
  ])('called %s is named, left alone, and the workspace is made when it is gone', async (branch, name) => {
    const { project, repos: [repo] } = await projectWith(atelier, name)
    const sha = await branchOnGitHub(atelier, `${GITHUB_ORG}/${name}`, branch)
    const challenge = await newChallenge(atelier, project, 'Way', name.endsWith('b') ? { index: 900 } : {})
    const { status, body: { provisioning } } = await link(atelier, challenge, repo!)
    expect([status, provisioning]).toMatchObject([202, { status: 'failed', error: {
      code: 'RESOURCE_CONFLICT',
      message: expect.stringContaining(`The branch ${branch} of ${GITHUB_ORG}/${name} prevents`),
      fix: expect.stringContaining(branch),
    } }])
    expect((await reposOutside(atelier)).get(name)!.branches).toMatchObject({ [branch]: { sha } })
    await onGitHub(atelier, 'DELETE', `/repos/${GITHUB_ORG}/${name}/git/refs/heads/${branch}`)
    expect((await atelier.api.call('POST', `/api/workspaces/${provisioning.workspace_id}/reprovision`)).body)
      .toMatchObject({ status: 'ready' })
  })
})

describe('odd titles', () => {
  it('give challenges branches', async () => {
    const { project, repos: [repo] } = await projectWith(atelier, 'odd')
    const titles = [
      'x'.repeat(255), 'x'.repeat(255), '🎓🎓', '..', 'a~b^c:d\\e', 'HEAD', '@',
      '0123456789abcdef'.repeat(3).slice(0, 40), '-x', '環境', 'refs/heads/main', '   x   ',
    ]
    const challenges = await Promise.all(titles.map(title => newChallenge(atelier, project, title)))
    expect(challenges.map(({ title }) => title)).toEqual(titles.map(title => title.trim()))
    const linked = await Promise.all(challenges.map(challenge => link(atelier, challenge, repo!)))
    expect(linked.filter(({ status }) => status >= 300)).toEqual([])
    const refs = await until(async () => {
      const links = (await Promise.all(challenges.map(async ({ uuid }) =>
        (await atelier.api.call<{ items: ChallengeLink[] }>('GET', `/api/challenges/${uuid}/repos`)).body.items))).flat()
      return links.every(({ workspace_status }) => workspace_status === 'ready')
        ? links.map(({ workspace_ref }) => workspace_ref)
        : undefined
    })
    for (const ref of refs) expect(ref).toMatch(/^refs\/heads\/challenge\/\d{3,}-[a-z0-9]+(-[a-z0-9]+)*$/)
    const branches = Object.keys((await reposOutside(atelier)).get('odd')!.branches)
    expect(branches.sort()).toEqual([...refs.map(ref => ref.slice('refs/heads/'.length)), 'main'].sort())
  })
})
