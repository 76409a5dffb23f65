import type { ChallengeRecord } from './queries/challenges'
import { toProvisionings, type WorkspaceRecord } from '../workspaces'
import type { Challenge, ChallengeLink, ChallengeRepo } from '../../shared/schemas/challenge'
import type { Provisioning } from '../../shared/schemas/workspace'
import { findRepos, toRepo } from '../projects'

/** A challenge as the API answers it. */
export const toChallenge = (row: ChallengeRecord): Challenge => ({
  uuid: row.id,
  index: row.index,
  slug: row.slug,
  title: row.title,
  project_id: row.projectId,
  status: row.status,
  description: row.description,
  roadmap: row.roadmap,
  start_date: row.startDate,
  end_date: row.endDate,
  contribution_points_reward: row.contributionPointsReward,
  completion: row.completion,
  created_at: row.createdAt.toISOString(),
})

/** The link of a challenge to a repository as the API answers it. */
export const toChallengeRepo = (link: WorkspaceRecord, { status }: Provisioning): ChallengeRepo => ({
  challenge_id: link.challengeId,
  repo_id: link.repoId,
  workspace_id: link.id,
  workspace_provider: link.provider,
  workspace_type: link.type,
  workspace_ref: link.ref,
  workspace_url: link.url,
  workspace_status: status,
  workspace_meta: link.meta,
})

/** The links of a challenge as the API answers them. */
export async function toChallengeLinks(workspaces: WorkspaceRecord[]): Promise<ChallengeLink[]> {
  const [provisionings, repos] = await Promise.all([toProvisionings(workspaces), findRepos(workspaces.map(({ repoId }) => repoId))])
  return workspaces.map((workspace) => {
    const provisioning = provisionings.get(workspace.id)!
    return { ...toChallengeRepo(workspace, provisioning), repo: toRepo(repos.get(workspace.repoId)!), provisioning }
  })
}
