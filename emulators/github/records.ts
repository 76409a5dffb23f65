import type { components } from '@octokit/openapi-types'

/** Types of GitHub's OpenAPI description, by name. */
export type Schemas = components['schemas']

/** Settings of a repository that the emulator stores but that have no effect. */
export interface Features {
  has_issues: boolean
  has_projects: boolean
  has_wiki: boolean
  has_discussions: boolean
  allow_squash_merge: boolean
  allow_merge_commit: boolean
  allow_rebase_merge: boolean
  allow_auto_merge: boolean
  delete_branch_on_merge: boolean
}

export const DEFAULT_FEATURES: Features = {
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_discussions: false,
  allow_squash_merge: true,
  allow_merge_commit: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  delete_branch_on_merge: false,
}

export interface Repo {
  id: number
  /** Name of its folder among the bare repositories. */
  dir: string
  owner: string
  name: string
  description: string | null
  homepage: string | null
  private: boolean
  archived: boolean
  isTemplate: boolean
  defaultBranch: string
  features: Features
  createdAt: string
  updatedAt: string
  pushedAt: string
}

export type NewRepo = Omit<Repo, 'id' | 'archived' | 'createdAt' | 'updatedAt' | 'pushedAt'>
export type RepoChange = Partial<Omit<NewRepo, 'dir' | 'owner'> & { archived: boolean }>

/** Protection rules of a branch. */
export interface Protection {
  required_status_checks: { strict: boolean, contexts: string[] } | null
  enforce_admins: boolean
  required_pull_request_reviews: {
    dismiss_stale_reviews: boolean
    require_code_owner_reviews: boolean
    required_approving_review_count: number
    require_last_push_approval: boolean
  } | null
  restrictions: { users: string[], teams: string[], apps: string[] } | null
  required_linear_history: boolean
  allow_force_pushes: boolean
  allow_deletions: boolean
  block_creations: boolean
  required_conversation_resolution: boolean
  lock_branch: boolean
  allow_fork_syncing: boolean
}

export interface Status {
  id: number
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  target_url: string | null
  creator: string
  created_at: string
}

export interface Dispatch {
  id: number
  event_type: string
  client_payload: object
  sender: string
  at: string
}

export interface WorkflowRun {
  id: number
  name: string
  event: string
  status: string
  conclusion: string | null
  head_branch: string
  head_sha: string
  created_at: string
}
