import { describe, expect, it } from 'vitest'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { repos } from '../support/outside.ts'
import { assign, branchOnGitHub, link, newChallenge, newContributor, newTask, projectWith } from '../support/projects.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useSharedAtelier()
const workspace = async (id: string) => (await atelier.api.call<Workspace>('GET', `/api/workspaces/${id}`)).body
const is = (id: string, status: Workspace['status']) => until(() => workspace(id).then(body => body.status === status ? body : undefined))
const runOf = async (id: string) => (await atelier.api.call<Run>('GET', `/api/runs/${id}`)).body
const runsOf = async (id: string) => (await atelier.api.call<{ items: RunSummary[] }>('GET', `/api/runs?subjectId=${id}`)).body.items
const refsMade = async (name: string) =>
  (await atelier.github.calls()).filter(call => call.operation === 'git/create-ref' && call.subject.startsWith(`${GITHUB_ORG}/${name}#`))
const headOf = async (name: string, branch: string) => (await repos(atelier)).get(name)!.branches[branch]?.sha
const refFault = (name: string, fault: object) =>
  atelier.github.fault({ operation: 'git/create-ref', subject: `/^${GITHUB_ORG}/${name}#/`, when: 'before', action: 'status', ...fault })

async function challengeIn(name: string) {
  const { project, repos: [repo] } = await projectWith(atelier, name)
  return { repo: repo!, challenge: await newChallenge(atelier, project, name) }
}

describe.concurrent('at once', () => {
  it('ten identical links make one row, one run and one branch, and all are answered well', async () => {
    const { challenge, repo } = await challengeIn('ten')
    const answers = await Promise.all(Array.from({ length: 10 }, () => link(atelier, challenge, repo)))
    expect(new Set(answers.map(({ status }) => status)).isSubsetOf(new Set([201, 202]))).toBe(true)
    const ids = [...new Set(answers.map(({ body }) => body.provisioning.workspace_id))]
    expect(ids).toHaveLength(1)
    const { ref, meta } = await is(ids[0]!, 'ready')
    expect(await runsOf(ids[0]!)).toHaveLength(1)
    expect(await refsMade('ten')).toHaveLength(1)
    expect(await headOf('ten', ref.slice('refs/heads/'.length))).toBe(meta.sha)
  })

  it('a task that is given while its challenge\'s branch is being made waits for it, and begins from it', async () => {
    const { challenge, repo } = await challengeIn('wait')
    const held = await refFault('wait', { action: 'hold' })
    const { body: { provisioning: parent } } = await link(atelier, challenge, repo)
    await atelier.github.reached(held)
    const task = await newTask(atelier, challenge, 'Part', { type: 'solo' })
    const { status, body: assigned } = await assign(atelier, task, await newContributor(atelier, 'Barbara Liskov'))
    expect([status, assigned.provisioning]).toMatchObject([202, [{ status: 'pending' }]])
    const own = assigned.provisioning[0]!.workspace!
    await until(async () => (await runOf(own.run!.id)).steps.find(({ name }) => name === 'PREPARE_PARENT')?.status === 'running')
    expect(await headOf('wait', own.ref.slice('refs/heads/'.length))).toBeUndefined()
    await atelier.github.removeFault(held)
    const { meta } = await is(own.workspace_id, 'ready')
    expect(meta).toMatchObject({
      baseBranch: parent.ref.slice('refs/heads/'.length), sha: (await is(parent.workspace_id, 'ready')).meta.sha,
    })
    expect(await refsMade('wait')).toHaveLength(2)
    expect((await runOf(own.run!.id)).steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1])
  })

  it('a branch that somebody makes in the same moment, on the same commit, is the workspace', async () => {
    const { challenge, repo } = await challengeIn('moment')
    const held = await refFault('moment', { action: 'hold' })
    const { body: { provisioning } } = await link(atelier, challenge, repo)
    await atelier.github.reached(held)
    const sha = await branchOnGitHub({ github: atelier.github }, `${GITHUB_ORG}/moment`, provisioning.ref.slice('refs/heads/'.length))
    await atelier.github.removeFault(held)
    expect((await is(provisioning.workspace_id, 'ready')).meta).toMatchObject({ sha, alreadyExisted: true })
  })
})

describe.concurrent('a workspace that was not made', () => {
  it('because its run was cancelled counts as failed, and is made by the next', async () => {
    const { challenge, repo } = await challengeIn('cancelled')
    const held = await refFault('cancelled', { when: 'after', action: 'hold' })
    const { body: { provisioning: { workspace_id: id, run } } } = await link(atelier, challenge, repo)
    await atelier.github.reached(held)
    expect((await atelier.api.call('POST', `/api/runs/${run!.id}/cancel`, { body: {} })).status).toBe(202)
    expect(await workspace(id)).toMatchObject({ status: 'failed', run: { status: 'cancelled' } })
    const retried = await atelier.api.call<Run>('POST', `/api/runs/${run!.id}/retry`)
    expect([retried.status, (await workspace(id)).status]).toEqual([202, 'pending'])
    await atelier.github.removeFault(held)
    expect(await is(id, 'ready')).toMatchObject({ observed: { state: 'ready' } })
    expect(await refsMade('cancelled')).toHaveLength(1)
  })

  it('waits for a rate limit, which is no refusal and costs no attempt', async () => {
    const { challenge, repo } = await challengeIn('limited')
    await refFault('limited', {
      status: 403, headers: { 'retry-after': '1' }, body: { message: 'You have exceeded a secondary rate limit.' },
    })
    const { body: { provisioning } } = await link(atelier, challenge, repo)
    const { run } = await is(provisioning.workspace_id, 'ready')
    expect((await runOf(run!.id)).steps.map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(await refsMade('limited')).toHaveLength(2)
  })
})

describe('where one run may be active at a time', () => {
  const atelier = useAtelier({ env: { ACTIVE_RUNS: '1', ACTIVE_RUNS_EACH: '1', RETRY_BASE_MS: '1500' } })

  it('a task does not wait for a run of its challenge\'s that waits behind it', async () => {
    const { project, repos: [repo] } = await projectWith(atelier, 'limits')
    const challenge = await newChallenge(atelier, project, 'ConcurrencyLimits')
    const fail = (status: number) => atelier.github.fault({ operation: 'git/create-ref', when: 'before', action: 'status', status })
    const look = async (id: string) => (await atelier.api.call<Workspace>('GET', `/api/workspaces/${id}`)).body
    await fail(403)
    const { body: { provisioning: parent } } = await link(atelier, challenge, repo!)
    await until(async () => (await look(parent.workspace_id)).status === 'failed')
    // The task's run makes the challenge's branch itself, and is between two attempts when a person asks for it, too.
    const once = await fail(500)
    const task = await newTask(atelier, challenge, 'Part', { type: 'solo' })
    const assigned = assign(atelier, task, await newContributor(atelier, 'Tony Hoare'))
    await atelier.github.reached(once)
    await atelier.api.call('POST', `/api/workspaces/${parent.workspace_id}/reprovision`)
    const own = (await assigned).body.provisioning[0]!.workspace!
    await until(async () => (await look(own.workspace_id)).status === 'ready' && (await look(parent.workspace_id)).status === 'ready')
    expect((await look(own.workspace_id)).meta.baseBranch).toBe(parent.ref.slice('refs/heads/'.length))
  })
})
