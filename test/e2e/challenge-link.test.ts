import { describe, expect, it } from 'vitest'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { repos as reposOutside } from '../support/outside.ts'
import { link, newChallenge, projectWith, untilMade } from '../support/projects.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()

describe('linking a challenge to a repository', () => {
  it('makes its branch, and keeps the five columns', async () => {
    const { project, repos: [repo] } = await projectWith(atelier, 'leaderboard')
    const challenge = await newChallenge(atelier, project, 'Admin Experience Update', { index: 7 })
    const { status, body } = await untilMade(() => link(atelier, challenge, repo!))
    expect([status, body]).toMatchObject([201, { success: true, provisioning: {
      provider: 'GitHub Branch', workspaceType: 'git_branch',
      ref: 'refs/heads/challenge/007-admin-experience-update', status: 'ready', meta: { baseBranch: 'main' },
    } }])
    const { body: workspace } = await atelier.api.call<Workspace>('GET', `/api/workspaces/${body.provisioning.workspace_id}`)
    expect(workspace).toMatchObject({ status: 'ready', observed: { state: 'ready' } })
    expect((await reposOutside(atelier)).get('leaderboard')!.branches).toHaveProperty(['challenge/007-admin-experience-update'])
  })
})
