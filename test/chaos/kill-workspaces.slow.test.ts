import { expect, it } from 'vitest'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import type { Task } from '../../shared/schemas/task.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { repos } from '../support/outside.ts'
import { assign, commitOnGitHub, link, newChallenge, newContributor, newTask, onGitHub, projectWith } from '../support/projects.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { hold, type Mutation } from './mutations.ts'

const atelier = useAtelier()
const REPO = `${GITHUB_ORG}/killed`

const heads = async () =>
  Object.fromEntries(Object.entries((await repos(atelier)).get('killed')!.branches).map(([branch, { sha }]) => [branch, sha]))
const on = (operation: string, branch: string): Mutation => ({ at: 'github', operation, subject: `${REPO}#heads/${branch}` })
const effects = async ({ operation, subject }: Mutation) =>
  (await atelier.github.calls()).filter(call => call.effect && call.operation === operation && call.subject === subject).length

/**
 * Kills the server while none of the calls has taken effect, and when all have but no answer came.
 * @param between what happens while it is away
 */
async function killedAround(mutations: Mutation[], ask: () => Promise<unknown>, between: () => Promise<unknown>): Promise<void> {
  const holdAll = (when: 'before' | 'after') => Promise.all(mutations.map(mutation => hold(atelier, mutation, when)))
  const killAt = async (held: Awaited<ReturnType<typeof holdAll>>) => {
    await until(async () => (await Promise.all(held.map(({ reached }) => reached()))).every(Boolean))
    await atelier.server.kill()
  }
  const before = await holdAll('before')
  const asked = ask().catch(() => {
    // The server that was asked is dead.
  })
  await killAt(before)
  const after = await holdAll('after')
  await Promise.all(before.map(({ release }) => release()))
  await between()
  await atelier.server.start()
  await killAt(after)
  await Promise.all(after.map(({ release }) => release()))
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
  expect(body).toMatchObject({ status: 'ready', observed: { state: 'ready' } })
  return body
}

it('workspaces are created, created again and removed exactly once though the server is killed around every call', async () => {
  const { project, repos: [repo] } = await projectWith(atelier, 'killed')
  const [linked, worked, remade, removed] = await Promise.all([1, 2, 3, 4].map(index =>
    newChallenge(atelier, project, 'Killed', { index })))
  const [idOfWorked, idOfRemade, idOfRemoved] = await Promise.all([worked!, remade!, removed!].map(async challenge =>
    (await link(atelier, challenge, repo!)).body.provisioning.workspace_id))
  await Promise.all([idOfWorked!, idOfRemade!, idOfRemoved!].map(expectReady))
  const task = await newTask(atelier, worked!, 'Part', { type: 'solo' })
  const user = await newContributor(atelier, 'Grace Hopper')
  await onGitHub(atelier, 'DELETE', `/repos/${REPO}/git/refs/heads/challenge/003-killed`)
  const { main } = await heads()

  const made = ['challenge/001-killed', 'task/002-part', 'challenge/003-killed'].map(branch => on('git/create-ref', branch))
  const deletion = on('git/delete-ref', 'challenge/004-killed')
  await killedAround([...made, deletion], () => Promise.all([
    link(atelier, linked!, repo!),
    assign(atelier, task, user),
    atelier.api.call('POST', `/api/workspaces/${idOfRemade}/reprovision`),
    atelier.api.call('DELETE', `/api/repos/challenge-repos?challenge_id=${removed!.uuid}&repo_id=${repo!.uuid}&deprovision=true`),
  ]), () => commitOnGitHub(atelier, REPO, 'main'))

  // From the commit on which main was when they began, though main has moved on.
  const { body: { provisioning: { workspace_id: idOfLinked } } } = await link(atelier, linked!, repo!)
  expect((await expectReady(idOfLinked)).meta).toMatchObject({ baseBranch: 'main', sha: main })
  const { body: { workspaces: [ofTask] } } = await atelier.api.call<Task>('GET', `/api/tasks/${task.uuid}`)
  expect((await expectReady(ofTask!.workspace_id)).meta).toMatchObject({ baseBranch: 'challenge/002-killed', sha: main })
  expect((await expectReady(idOfRemade!)).meta).toMatchObject({ sha: main })
  expect(await ended(idOfRemoved!)).toMatchObject({ workflow: 'deprovision-workspace', status: 'completed', steps: [{ attempts: 1 }] })
  expect((await atelier.api.call('GET', `/api/workspaces/${idOfRemoved}`)).status).toBe(404)

  expect(await Promise.all([...made, deletion].map(effects)), 'the one that was created again counts twice').toEqual([1, 1, 2, 1])
  expect(await heads()).toEqual({
    'main': expect.not.stringMatching(main!), 'challenge/001-killed': main,
    'challenge/002-killed': main, 'challenge/003-killed': main, 'task/002-part': main,
  })
})
