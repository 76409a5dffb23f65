import { describe, expect, it } from 'vitest'
import type { Challenge, LinkedRepo } from '../../shared/schemas/challenge.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import type { z } from 'zod'
import { GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import { useAtelier } from '../support/use-atelier.ts'
import { repos } from '../support/outside.ts'

type Linked = z.infer<typeof LinkedRepo>

const atelier = useAtelier()
const make = async <T>(path: string, body: unknown) => {
  const answer = await atelier.api.call<T>('POST', path, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

/** A repository on the emulator with a commit, and a project that has it. */
async function projectWith(name: string) {
  const response = await fetch(`${atelier.github.url}/api/v3/orgs/${GITHUB_ORG}/repos`, {
    method: 'POST', headers: { 'authorization': `Bearer ${GITHUB_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ name, auto_init: true }),
  })
  if (!response.ok) throw new Error(await response.text())
  const project = await make<Project>('/api/projects', { title: name })
  const repo = await make<Repo>('/api/repos', { title: name, type: 'github', external_repo_id: `${GITHUB_ORG}/${name}`, project_id: project.uuid })
  return { project, repo }
}

describe('linking a challenge to a repository', () => {
  it('makes its branch, and keeps the five columns', async () => {
    const { project, repo } = await projectWith('leaderboard')
    const challenge = await make<Challenge>('/api/challenges', { title: 'Admin Experience Update', index: 7, project_id: project.uuid })
    const { status, body } = await atelier.api.call<Linked>('POST', '/api/repos/challenge-repos', { body: { challenge_id: challenge.uuid, repo_id: repo.uuid } })
    expect([status, body]).toMatchObject([201, { success: true, provisioning: { provider: 'GitHub Branch', workspaceType: 'git_branch', ref: 'refs/heads/challenge/007-admin-experience-update', status: 'ready', meta: { baseBranch: 'main' } } }])
    const { body: workspace } = await atelier.api.call<Workspace>('GET', `/api/workspaces/${body.provisioning.workspace_id}`)
    expect(workspace).toMatchObject({ status: 'ready', real: { state: 'ready' } })
    expect((await repos(atelier)).get('leaderboard')!.branches).toHaveProperty(['challenge/007-admin-experience-update'])
  })
})
