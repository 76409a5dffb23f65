import type { RepoType, WorkspaceType } from '#shared/schemas/workspace'

/** The types of repository, as people choose and read them, and how each service names a repository. */
export const repoTypes: Record<RepoType, { label: string, idLabel: string, example: string }> = {
  github: { label: 'GitHub', idLabel: 'Repository on GitHub', example: 'MyTwin-Lab/leaderboard' },
  gitlab: { label: 'GitLab', idLabel: 'Repository on GitLab', example: 'MyTwin-Lab/leaderboard' },
  huggingface: { label: 'Hugging Face', idLabel: 'Repository on Hugging Face', example: 'MyTwin-Lab/leaderboard' },
  figma: { label: 'Figma', idLabel: 'Team id', example: '1234567890' },
}

/** The types of workspace, as a sentence names them. */
export const workspaceTypes: Record<WorkspaceType, string> = {
  git_branch: 'branch',
  git_repo: 'repository',
  hf_space: 'Space',
  figma_project: 'Figma project',
}

/** The branch of a ref, `challenge/007-admin` of `refs/heads/challenge/007-admin`; other refs as they are. */
export const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, '')
