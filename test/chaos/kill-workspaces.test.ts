import { expect, it } from 'vitest'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { repos } from '../support/outside.ts'
import { assign, commitOnGitHub, link, newChallenge, newContributor, newTask, onGitHub, projectWith } from '../support/projects.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { hold, type Mutation } from './mutations.ts'

const atelier = useAtelier()
const REPO = `${GITHUB_ORG}/killed`

const heads = async () => Object.fromEntries(Object.entries((await repos(atelier)).get('killed')!.branches).map(([branch, { sha }]) => [branch, sha]))
const on = (operation: string, branch: string): Mutation => ({ at: 'github', operation, subject: `${REPO}#heads/${branch}` })
const effects = async ({ operation, subject }: Mutation) => (await atelier.github.calls()).filter(call => call.effect && call.operation === operation && call.subject === subject).length

/** Kills the server while the call has not taken effect, and when it has but the answer never came. @param between what happens while it is away */
async function killedAround(mutation: Mutation, ask: () => Promise<unknown>, between: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const before = await hold(atelier, mutation, 'before')
  const asked = ask().catch(() => {
    // The server that was asked is dead.
  })
  await until(before.reached)
  await atelier.server.kill()
  const after = await hold(atelier, mutation, 'after')
  await before.release()
  await between()
  await atelier.server.start()
  await until(after.reached)
  await atelier.server.kill()
  await after.release()
  await atelier.server.start()
  await asked
}

/** The latest run of a workspace, when it is over. */
const ended = (id: string) => until(async () => {
  const { body: { items: [latest] } } = await atelier.api.call<{ items: RunSummary[] }>('GET', `/api/runs?subjectId=${id}`)
  const { body: run } = await atelier.api.call<Run>('GET', `/api/runs/${latest!.id}`)
  return ['completed', 'failed'].includes(run.status) ? run : undefined
})

async function expectReady(id: string): Promise<Workspace> {
  const run = await ended(id)
  expect(run).toMatchObject({ status: 'completed', error: null })
  expect(run.steps.map(({ attempts }) => attempts)).toEqual(run.steps.map(() => 1))
  const { body } = await atelier.api.call<Workspace>('GET', `/api/workspaces/${id}`)
  expect(body).toMatchObject({ status: 'ready', real: { state: 'ready' } })
  return body
}

it('workspaces are made, made anew and removed exactly once though the server is killed before and after every call that does so', async () => {
  const { project, repos: [repo] } = await projectWith(atelier, 'killed')
  const challenge = await newChallenge(atelier, project, 'Killed', { index: 7 })
  const [challengeBranch, taskBranch] = ['challenge/007-killed', 'task/007-part']
  const { main } = await heads()

  const made = on('git/create-ref', challengeBranch)
  await killedAround(made, () => link(atelier, challenge, repo!), () => commitOnGitHub(atelier, REPO, 'main'))
  const { body: { provisioning: { workspace_id: id } } } = await link(atelier, challenge, repo!)
  // From the commit on which main was when it began, though main has moved on.
  expect((await expectReady(id)).meta).toMatchObject({ baseBranch: 'main', sha: main })
  expect(await heads()).toMatchObject({ [challengeBranch]: main })
  expect(await effects(made)).toBe(1)

  const task = await newTask(atelier, challenge, 'Part', { type: 'solo' })
  const user = await newContributor(atelier, 'Grace Hopper')
  await killedAround(on('git/create-ref', taskBranch), () => assign(atelier, task, user))
  const { body: { workspaces: [ofTask] } } = await atelier.api.call<{ workspaces: Workspace[] }>('GET', `/api/tasks/${task.uuid}`)
  expect((await expectReady(ofTask!.workspace_id)).meta).toMatchObject({ baseBranch: challengeBranch, sha: main })
  expect(await effects(on('git/create-ref', taskBranch))).toBe(1)

  await onGitHub(atelier, 'DELETE', `/repos/${REPO}/git/refs/heads/${challengeBranch}`)
  await killedAround(made, () => atelier.api.call('POST', `/api/workspaces/${id}/reprovision`))
  const moved = (await heads()).main
  expect(moved).not.toBe(main)
  expect((await expectReady(id)).meta.sha).toBe(moved)
  expect(await effects(made)).toBe(2)

  const removed = on('git/delete-ref', challengeBranch)
  const before = await effects(removed)
  await killedAround(removed, () => atelier.api.call('DELETE', `/api/repos/challenge-repos?challenge_id=${challenge.uuid}&repo_id=${repo!.uuid}&deprovision=true`))
  const run = await ended(id)
  expect(run).toMatchObject({ workflow: 'deprovision-workspace', status: 'completed', steps: [{ attempts: 1 }] })
  expect((await atelier.api.call('GET', `/api/workspaces/${id}`)).status).toBe(404)
  expect(await effects(removed)).toBe(before + 1)
  expect(Object.keys(await heads()).sort()).toEqual(['main', taskBranch])
})
