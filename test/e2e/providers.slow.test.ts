import { describe, expect, it } from 'vitest'
import { FIGMA_TEAM_ID, HF_ORG } from '../../emulators/defaults.ts'
import type { HuggingFaceState } from '../../emulators/huggingface/index.ts'
import type { Challenge } from '../../shared/schemas/challenge.ts'
import type { Problem } from '../../shared/schemas/problem.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { Run } from '../../shared/schemas/run.ts'
import type { Provider, Workspace } from '../../shared/schemas/workspace.ts'
import { repos as reposOutside } from '../support/outside.ts'
import { link, make, newChallenge } from '../support/projects.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()

const workspace = async (id: string) => (await atelier.api.call<Workspace>('GET', `/api/workspaces/${id}`)).body
const run = async (id: string) => (await atelier.api.call<Run>('GET', `/api/runs/${id}`)).body

async function repoOf(type: Repo['type'], external_repo_id: string | null, title = 'Admin Experience') {
  const project = await make<Project>(atelier, '/api/projects', { title })
  const repo = await make<Repo>(atelier, '/api/repos', {
    title, type, project_id: project.uuid, ...external_repo_id && { external_repo_id },
  })
  return { repo, challenge: await newChallenge(atelier, project, title) }
}

const unlink = (challenge: Challenge, repo: Repo, deprovision = true) =>
  atelier.api.call<Problem>(
    'DELETE', `/api/repos/challenge-repos?challenge_id=${challenge.uuid}&repo_id=${repo.uuid}&deprovision=${deprovision}`,
  )

const readyOf = (id: string) => until(async () => {
  const seen = await workspace(id)
  return seen.status === 'ready' ? seen : undefined
}, { patience: 30_000, what: () => 'the workspace to be ready' })

it('lists what there is, what each needs, and the form for each', async () => {
  const { body: { items } } = await atelier.api.call<{ items: Provider[] }>('GET', '/api/providers')
  expect(items.map(({ type, repoTypes, registered, needs }) => [
    type, repoTypes, registered, needs.map(({ variable, isSet }) => `${variable} ${isSet}`),
  ])).toEqual([
    ['git_branch', ['github'], true, ['GITHUB_TOKEN true']],
    ['git_repo', ['github'], true, ['GITHUB_TOKEN true', 'GITHUB_ORG true']],
    ['hf_space', ['huggingface'], true, ['HF_TOKEN true']],
    ['figma_project', ['figma'], true, ['FIGMA_TOKEN true', 'FIGMA_TEAM_ID true']],
  ])
  expect(items.map(({ options }) => Object.keys(options.properties ?? {}))).toEqual([['adopt'], ['template'], ['sdk', 'private'], []])
})

describe('a Space', () => {
  it('is made in the namespace of the repository, private, as its options have it', async () => {
    const { repo, challenge } = await repoOf('huggingface', `${HF_ORG}/home`)
    const { status, body } = await link(atelier, challenge, repo, { options: { sdk: 'docker' } })
    expect([status, body.provisioning])
      .toMatchObject([201, { provider: 'Hugging Face Space', status: 'ready', meta: { sdk: 'docker', private: true } }])
    const { spaces } = await atelier.huggingface.state<HuggingFaceState>()
    expect(spaces).toMatchObject([{
      id: body.provisioning.ref, sdk: 'docker', private: true, files: { 'README.md': expect.stringContaining('# Admin Experience') },
    }])
    expect(await workspace(body.provisioning.workspace_id))
      .toMatchObject({ url: `${atelier.huggingface.url}/spaces/${body.provisioning.ref}`, observed: { state: 'ready' } })
    await atelier.huggingface.settings({ seed: { commits: [{ space: body.provisioning.ref, path: 'app.py', content: '' }] } })
    expect(await workspace(body.provisioning.workspace_id)).toMatchObject({ observed: { state: 'drifted' } })
    // Unlinked and linked again it is the same one, with the work that is in it.
    await unlink(challenge, repo, false)
    const again = (await link(atelier, challenge, repo)).body.provisioning
    expect(again).toMatchObject({
      status: 'ready', ref: body.provisioning.ref, meta: { sdk: 'docker', sha: body.provisioning.meta.sha, alreadyExisted: true },
    })
    expect(await workspace(again.workspace_id)).toMatchObject({ observed: { state: 'drifted' } })
    expect(await unlink(challenge, repo)).toMatchObject({
      status: 409, body: { code: 'RESOURCE_CONFLICT', detail: expect.stringContaining('has commits since it was created') },
    })
  })

  it('waits as long as the Hub says, and shows for whom', async () => {
    await atelier.huggingface.fault({
      operation: 'createRepo', when: 'before', action: 'status', status: 429, headers: { ratelimit: '"api";r=0;t=4' },
    })
    const { repo, challenge } = await repoOf('huggingface', `${HF_ORG}/home`, 'Patience')
    const { status, body } = await link(atelier, challenge, repo)
    expect([status, body.provisioning.status]).toEqual([202, 'pending'])
    expect((await run(body.provisioning.run!.id)).limitedBy).toMatchObject({ service: 'HUGGINGFACE', left: 2 })
    const ready = await readyOf(body.provisioning.workspace_id)
    expect((await run(ready.run!.id)).steps.find(({ name }) => name === 'CREATE_WORKSPACE')).toMatchObject({ attempts: 1 })
  })
})

describe('a Figma project', () => {
  it('waits for a person, says what to create and where, and is ready by itself', async () => {
    const { repo, challenge } = await repoOf('figma', null, 'Design')
    const { status, body: { provisioning } } = await link(atelier, challenge, repo)
    const page = `${atelier.figma.url}/files/team/${FIGMA_TEAM_ID}`
    expect([status, provisioning]).toMatchObject([
      202, { status: 'pending', error: { code: 'AWAITS_PERSON', fix: expect.stringContaining(page) }, run: { status: 'waiting' } },
    ])
    expect(provisioning.error!.fix).toContain(provisioning.ref)
    await fetch(`${page}/projects`, { method: 'POST', body: new URLSearchParams({ name: provisioning.ref }) })
    const ready = await readyOf(provisioning.workspace_id)
    expect(ready).toMatchObject({
      error: null, url: expect.stringMatching(/\/files\/project\/\d+$/), observed: { state: 'ready' }, run: { status: 'completed' },
    })
    expect(ready.meta).not.toHaveProperty('alreadyExisted')
    const kept = await unlink(challenge, repo)
    expect([kept.status, kept.body])
      .toMatchObject([409, { code: 'RESOURCE_CONFLICT', detail: expect.stringContaining('cannot remove a Figma Project') }])
  })

  it('is waited for no longer when its run is cancelled, and can be unlinked then', async () => {
    const { repo, challenge } = await repoOf('figma', null, 'Never')
    const { body: { provisioning } } = await link(atelier, challenge, repo)
    expect((await unlink(challenge, repo)).body).toMatchObject({ code: 'RUN_ACTIVE' })
    await atelier.api.call('POST', `/api/runs/${provisioning.run!.id}/cancel`, { body: {} })
    expect(await workspace(provisioning.workspace_id)).toMatchObject({ status: 'failed', run: { status: 'cancelled' } })
    expect(await unlink(challenge, repo)).toMatchObject({ status: 200, body: { success: true } })
  })
})

describe('a repository of its own', () => {
  it('begins as its template is', async () => {
    await atelier.github.settings({
      seed: { repos: [{ name: 'home' }, { name: 'starter', isTemplate: true, files: { 'start.md': 'Start' } }] },
    })
    const { repo, challenge } = await repoOf('github', 'atelier/home', 'Own')
    const { status, body: { provisioning } } = await link(atelier, challenge, repo, {
      workspace_type: 'git_repo', options: { template: 'atelier/starter' },
    })
    expect([status, provisioning]).toMatchObject([201, { status: 'ready', provider: 'GitHub Repository' }])
    const [, name] = provisioning.ref.split('/')
    expect((await reposOutside(atelier)).get(name!)).toMatchObject({ private: true })
    expect(await workspace(provisioning.workspace_id)).toMatchObject({ observed: { state: 'ready' } })
    await unlink(challenge, repo, false)
    const again = await link(atelier, challenge, repo, { workspace_type: 'git_repo' })
    expect(again.body.provisioning)
      .toMatchObject({ status: 'ready', ref: provisioning.ref, meta: { repoId: provisioning.meta.repoId, alreadyExisted: true } })
    // Nothing is written over what is in it.
    expect((await atelier.github.calls()).filter(({ operation }) => operation === 'git/update-ref')).toEqual([])
  })

  it('cannot be told what it does not know', async () => {
    const { repo, challenge } = await repoOf('github', 'atelier/home', 'Wrong')
    for (const options of [{ template: 'no name' }, { adopt: true }]) {
      const { status } = await link(atelier, challenge, repo, { workspace_type: 'git_repo', options })
      expect(status).toBe(400)
    }
  })
})
