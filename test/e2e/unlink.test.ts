import { describe, expect, it } from 'vitest'
import type { Challenge } from '../../shared/schemas/challenge.ts'
import type { Problem } from '../../shared/schemas/problem.ts'
import type { Repo } from '../../shared/schemas/project.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import type { RemovedWorkspace, Workspace } from '../../shared/schemas/workspace.ts'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { repos } from '../support/outside.ts'
import { expectProblem } from '../support/problems.ts'
import {
  assign, branchOnGitHub, commitOnGitHub, link, linkedChallenge, newChallenge, newContributor, newTask, onGitHub, projectWith,
} from '../support/projects.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'

const atelier = useSharedAtelier()

const unlink = (challenge: Challenge, repo: Repo, deprovision?: boolean) => {
  const query = new URLSearchParams({ challenge_id: challenge.uuid, repo_id: repo.uuid })
  if (deprovision !== undefined) query.set('deprovision', String(deprovision))
  return atelier.api.call<RemovedWorkspace & Problem>('DELETE', `/api/repos/challenge-repos?${query}`)
}
const workspace = (id: string) => atelier.api.call<Workspace>('GET', `/api/workspaces/${id}`)
const branches = async (repo: string) => Object.keys((await repos(atelier)).get(repo)!.branches).sort()
const runsOf = async (id: string) => (await atelier.api.call<{ items: RunSummary[] }>('GET', `/api/runs?subjectId=${id}`)).body.items
/** Waits until it is ready and no run is working on it: on a busy machine that may be after the answer. */
const ready = (id: string) =>
  until(() => workspace(id).then(({ body }) => body.status === 'ready' && body.run?.status === 'completed' ? body : undefined))
const isGone = (id: string) => until(async () => (await workspace(id)).status === 404)
const linked = async (title: string, name: string) => {
  const { challenge, repos: [repo], links: [made] } = await linkedChallenge(atelier, title, name)
  return { challenge, repo: repo!, made: await ready(made!.provisioning.workspace_id) }
}
const projectOf = async (name: string) => {
  const { project, repos: [repo] } = await projectWith(atelier, name)
  return { project, repo: repo! }
}
const linkAgain = (challenge: Challenge, repo: Repo, spec?: object) =>
  link(atelier, challenge, repo, spec).then(({ body }) => ready(body.provisioning.workspace_id))
const deletions = async () => (await atelier.github.calls()).filter(({ operation }) => operation === 'git/delete-ref')

describe.concurrent('unlinking a challenge', () => {
  it('leaves its branch; linked again, it is found', async () => {
    const { challenge, repo, made } = await linked('Kept', 'left')
    expect(await unlink(challenge, repo)).toMatchObject({ status: 200, body: { success: true, run: null } })
    expect((await workspace(made.workspace_id)).status).toBe(404)
    expect(await branches('left')).toEqual([made.ref.slice('refs/heads/'.length), 'main'])
    expectProblem(await unlink(challenge, repo), 404, 'NOT_FOUND')
    expect(await linkAgain(challenge, repo)).toMatchObject({ ref: made.ref, meta: { sha: made.meta.sha, alreadyExisted: true } })
  })

  it('removes its branch, too, if that is wanted; and what was made is known as removed', async () => {
    const { challenge, repo, made } = await linked('Removed', 'removed')
    const { workspace_id: id } = made
    const { status, body } = await unlink(challenge, repo, true)
    expect([200, 202]).toContain(status)
    expect(body).toMatchObject({ success: true, run: status === 200 ? null : { workflow: 'deprovision-workspace' } })
    await isGone(id)
    expect(await branches('removed')).toEqual(['main'])
    const runs = await until(() => runsOf(id).then(runs => runs.every(({ status }) => status === 'completed') ? runs : undefined))
    expect(runs.map(({ workflow }) => workflow)).toEqual(['deprovision-workspace', 'provision-workspace'])
    const resources = await withDatabase(atelier.databaseUrl, sql => sql`
      select made_at, removed_at from external_resources where subject_id = ${id}`)
    expect(resources).toMatchObject([{ made_at: null, removed_at: expect.any(Date) as Date }])
    const again = await linkAgain(challenge, repo)
    expect(again.meta.sha).toBe(made.meta.sha)
    expect(again.meta).not.toHaveProperty('alreadyExisted')
  })

  it('is refused when somebody has worked in the branch, and changes nothing', async () => {
    const { challenge, repo, made } = await linked('Worked', 'worked')
    const { workspace_id: id, ref } = made
    const sha = await commitOnGitHub(atelier, `${GITHUB_ORG}/worked`, ref.slice('refs/heads/'.length))
    const refused = await unlink(challenge, repo, true)
    expectProblem(refused, 409, 'RESOURCE_CONFLICT')
    expect(refused.body.detail).toContain('1 commit')
    expect(await runsOf(id)).toHaveLength(1)
    expect((await workspace(id)).body)
      .toMatchObject({ status: 'ready', observed: { state: 'drifted', expectedSha: made.meta.sha, actualSha: sha } })
    expect((await unlink(challenge, repo)).status).toBe(200)
    expect(await branches('worked')).toContain(ref.slice('refs/heads/'.length))
  })

  it('is refused in the run when the commit came after the look', async () => {
    const { challenge, repo, made } = await linked('Late', 'too-soon')
    const branch = made.ref.slice('refs/heads/'.length)
    // The first look is the request's, the second the run's.
    const second = await atelier.github.fault({
      operation: 'git/get-ref', subject: `${GITHUB_ORG}/too-soon#heads/${branch}`, nth: 2, when: 'before', action: 'hold',
    })
    const answer = unlink(challenge, repo, true)
    await atelier.github.reached(second)
    await commitOnGitHub(atelier, `${GITHUB_ORG}/too-soon`, branch)
    await atelier.github.removeFault(second)
    const { status } = await answer
    expect([202, 409]).toContain(status)
    const { body: left } = await until(() =>
      workspace(made.workspace_id).then(answer => answer.body.run?.status === 'failed' ? answer : undefined))
    expect(left).toMatchObject({ status: 'ready', error: { code: 'RESOURCE_CONFLICT' }, run: { workflow: 'deprovision-workspace' } })
    expect(await branches('too-soon')).toContain(branch)
  })

  it('of a link that failed at a stranger\'s branch leaves that branch alone', async () => {
    const { project, repo } = await projectOf('strange')
    const challenge = await newChallenge(atelier, project, 'Strange')
    const branch = `challenge/${String(challenge.index).padStart(3, '0')}-strange`
    await branchOnGitHub(atelier, `${GITHUB_ORG}/strange`, branch)
    const theirs = await commitOnGitHub(atelier, `${GITHUB_ORG}/strange`, branch)
    const { body } = await link(atelier, challenge, repo)
    const failed = await until(() =>
      workspace(body.provisioning.workspace_id).then(({ body }) => body.status === 'failed' ? body : undefined))
    expect(failed.error!.code).toBe('RESOURCE_CONFLICT')
    expect(failed.error!.message).toContain(theirs)
    expect(failed.error!.message).toContain((await repos(atelier)).get('strange')!.branches.main!.sha)
    await unlink(challenge, repo, true)
    await isGone(body.provisioning.workspace_id)
    expect((await repos(atelier)).get('strange')!.branches[branch]!.sha).toBe(theirs)
    expect(await linkAgain(challenge, repo, { options: { adopt: true } }))
      .toMatchObject({ meta: { sha: theirs, alreadyExisted: true }, observed: { state: 'ready' } })
    // Taken over, it is as it was then, and still holds what they have done.
    expect(expectProblem(await unlink(challenge, repo, true), 409, 'RESOURCE_CONFLICT').detail)
      .toContain('1 commit that main does not have')
    expect((await repos(atelier)).get('strange')!.branches[branch]!.sha).toBe(theirs)
  })

  it('waits for no run that is working on it, and says what to do', async () => {
    const { project, repo } = await projectOf('busy')
    const challenge = await newChallenge(atelier, project, 'Busy')
    const held = await atelier.github.fault({
      operation: 'git/create-ref', subject: `/^${GITHUB_ORG}/busy#/`, when: 'before', action: 'hold',
    })
    const { status, body: { provisioning } } = await link(atelier, challenge, repo)
    expect(status).toBe(202)
    expectProblem(await unlink(challenge, repo), 409, 'RUN_ACTIVE')
    expectProblem(await unlink(challenge, repo, true), 409, 'RUN_ACTIVE')
    await atelier.github.removeFault(held)
    await ready(provisioning.workspace_id)
    // While it is removed, it is not linked again.
    const deleting = await atelier.github.fault({
      operation: 'git/delete-ref', subject: `/^${GITHUB_ORG}/busy#/`, when: 'before', action: 'hold',
    })
    const removing = unlink(challenge, repo, true)
    await atelier.github.reached(deleting)
    expectProblem(await link(atelier, challenge, repo), 409, 'RUN_ACTIVE')
    // A task that is given meanwhile waits, and then has no challenge's branch to begin from.
    const task = await newTask(atelier, challenge, 'Part', { type: 'solo' })
    const [{ body: assigned }, removed] = await Promise.all([
      assign(atelier, task, await newContributor(atelier, 'Edsger Dijkstra')), removing,
    ])
    expect(assigned.provisioning).toMatchObject([{ status: 'pending' }])
    expect(removed).toMatchObject({ status: 202, body: { run: { workflow: 'deprovision-workspace' } } })
    await atelier.github.removeFault(deleting)
    await isGone(provisioning.workspace_id)
    expect((await ready(assigned.provisioning[0]!.workspace!.workspace_id)).meta.baseBranch).toBe('main')
    expect((await deletions()).filter(({ subject, effect }) => effect && subject.startsWith(`${GITHUB_ORG}/busy#`))).toHaveLength(1)
  })

  it('is done though its run is cancelled, once the call that removes the branch is out', async () => {
    const { challenge, repo, made } = await linked('Too late', 'too-late')
    const held = await atelier.github.fault({
      operation: 'git/delete-ref', subject: `/^${GITHUB_ORG}/too-late#/`, when: 'after', action: 'hold',
    })
    const removing = unlink(challenge, repo, true)
    await atelier.github.reached(held)
    const [run] = await runsOf(made.workspace_id)
    expect((await atelier.api.call('POST', `/api/runs/${run!.id}/cancel`, { body: {} })).status).toBe(202)
    await atelier.github.removeFault(held)
    await isGone(made.workspace_id)
    expect((await removing).body.success).toBe(true)
    expect((await runsOf(made.workspace_id))[0]).toMatchObject({ workflow: 'deprovision-workspace', status: 'cancelled' })
    expect(await branches('too-late')).toEqual(['main'])
    expect(await linkAgain(challenge, repo)).toMatchObject({ observed: { state: 'ready' } })
  })

  it('keeps its tasks\' workspaces, which go on without it, and can be removed themselves', async () => {
    const { challenge, repo, made } = await linked('Parent', 'parent')
    const task = await newTask(atelier, challenge, 'Part', { type: 'solo' })
    const { body: assigned } = await assign(atelier, task, await newContributor(atelier, 'Margaret Hamilton'))
    const [{ workspace_id: id, ref }] = assigned.provisioning.map(({ workspace }) => workspace!) as [Workspace]
    await ready(id)
    await unlink(challenge, repo, true)
    await isGone(made.workspace_id)
    expect((await workspace(id)).body)
      .toMatchObject({ status: 'ready', meta: { baseBranch: made.ref.slice('refs/heads/'.length) }, observed: { state: 'ready' } })
    // Somebody removes it, and its challenge's branch is not there to begin from.
    await onGitHub(atelier, 'DELETE', `/repos/${GITHUB_ORG}/parent/git/${ref}`)
    expect((await workspace(id)).body.observed).toMatchObject({ state: 'missing', actualSha: null })
    await atelier.api.call('POST', `/api/workspaces/${id}/reprovision`)
    expect(await ready(id)).toMatchObject({ meta: { baseBranch: 'main' }, observed: { state: 'ready' } })
    await atelier.api.call('DELETE', `/api/workspaces/${id}?deprovision=true`)
    await isGone(id)
    expect(await branches('parent')).not.toContain(ref.slice('refs/heads/'.length))
  })

  it('ends the run of a workspace that is gone, and creates nothing', async () => {
    const { project, repo } = await projectOf('gone')
    const challenge = await newChallenge(atelier, project, 'Gone')
    await atelier.github.fault({
      operation: 'git/create-ref', subject: `/^${GITHUB_ORG}/gone#/`, when: 'before', action: 'status', status: 403,
    })
    const { body: { provisioning: { workspace_id: id } } } = await link(atelier, challenge, repo)
    await until(() => workspace(id).then(({ body }) => body.status === 'failed'))
    const [failed] = await runsOf(id)
    expect((await unlink(challenge, repo)).status).toBe(200)
    const retried = await atelier.api.call<Run>('POST', `/api/runs/${failed!.id}/retry`)
    expect(retried.status).toBe(202)
    const run = await until(() =>
      atelier.api.call<Run>('GET', `/api/runs/${retried.body.id}`).then(({ body }) => body.status === 'failed' ? body : undefined))
    expect(run.error!.code).toBe('SUBJECT_GONE')
    expect(await branches('gone')).toEqual(['main'])
  })
})
