import { z } from 'zod'
import { Failure } from './problem'
import { branchRule } from './git'
import { RunSummary } from './run'

export const RepoType = z.enum(['github', 'gitlab', 'huggingface', 'figma']).meta({ id: 'RepoType' })
export type RepoType = z.infer<typeof RepoType>

export const WorkspaceType = z.enum(['git_branch', 'git_repo', 'hf_space', 'figma_project']).meta({ id: 'WorkspaceType' })
export type WorkspaceType = z.infer<typeof WorkspaceType>

/** The published API's names for the state of a workspace; one that waits for a person is `pending`. */
export const WorkspaceStatus = z.enum(['pending', 'ready', 'failed']).meta({ id: 'WorkspaceStatus' })
export type WorkspaceStatus = z.infer<typeof WorkspaceStatus>

/** What a provider remembers of a workspace: its base branch, its first commit, whether it existed before. */
export const WorkspaceMeta = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).meta({
  id: 'WorkspaceMeta',
  example: { baseBranch: 'main', sha: '162540b91df9bf3140861de57eb104ea5682e106', createdAt: '2026-11-21T08:30:35.349Z' },
})
export type WorkspaceMeta = z.infer<typeof WorkspaceMeta>

/** The state of a workspace under the published API's names. */
export const Provisioning = z.object({
  workspace_id: z.uuid(),
  provider: z.string().meta({ example: 'GitHub Branch' }),
  workspaceType: WorkspaceType,
  ref: z.string().meta({ example: 'refs/heads/challenge/007-admin-experience-update' }),
  url: z.url().nullable().meta({ example: 'https://github.com/MyTwin-Lab/leaderboard/tree/challenge/007-admin-experience-update' }),
  status: WorkspaceStatus,
  meta: WorkspaceMeta,
  error: Failure.nullable().meta({ description: 'Why it failed; while it waits for a person, what that person must do.' }),
  run: RunSummary.nullable().meta({ description: 'The latest run that creates or removes it.' }),
}).meta({ id: 'Provisioning' })
export type Provisioning = z.infer<typeof Provisioning>

/** The state of a workspace as its provider reports it at this moment. */
export const ObservedState = z.object({
  state: z.enum(['ready', 'missing', 'drifted'])
    .meta({ description: '`drifted`: it exists, but is no longer on the commit on which it was created.' }),
  expectedSha: z.string().nullable(),
  actualSha: z.string().nullable(),
}).meta({ id: 'ObservedState' })
export type ObservedState = z.infer<typeof ObservedState>

/** What a challenge or a task specifies for its workspaces, beyond their name. */
export const WorkspaceSpec = z.strictObject({
  workspace_type: WorkspaceType.optional().meta({ description: 'Absent: the first that the type of the repository has.' }),
  base_branch: branchRule.optional()
    .meta({ description: 'The branch to start from. Absent: the default branch, for a task the challenge\'s.' }),
  options: z.record(z.string(), z.unknown()).optional()
    .meta({ description: 'Options of the provider, by its schema: GET /api/providers.' }),
})
export type WorkspaceSpec = z.infer<typeof WorkspaceSpec>

/** A workspace with the state that its provider reports now. */
export const Workspace = Provisioning.extend({
  kind: z.enum(['challenge', 'task']),
  challenge_id: z.uuid(),
  task_id: z.uuid().nullable(),
  repo_id: z.uuid(),
  observed: ObservedState.nullable()
    .meta({ description: 'The state that the provider reports now; null before the workspace is created, or when the provider fails.' }),
  observedError: Failure.nullable().meta({ description: 'Why the provider could not be asked.' }),
}).meta({ id: 'Workspace' })
export type Workspace = z.infer<typeof Workspace>

/** Whether the workspace outside is removed, too. */
export const WorkspaceRemoval = z.object({
  deprovision: z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'], error: 'It must be true or false.' }).default(false)
    .meta({ description: 'Also remove the workspace outside, if nobody has worked in it.' }),
})

export const RemovedWorkspace = z.object({
  success: z.literal(true),
  run: RunSummary.nullable().meta({ description: 'The run that removes it, while it is active; null when it is done.' }),
}).meta({ id: 'RemovedWorkspace' })
export type RemovedWorkspace = z.infer<typeof RemovedWorkspace>

/** One variable that a provider needs. */
export const ProviderNeed = z.object({
  variable: z.string(),
  isSet: z.boolean(),
  where: z.string().meta({ description: 'Where to get it.' }),
}).meta({ id: 'ProviderNeed' })

export const Provider = z.object({
  type: WorkspaceType,
  name: z.string(),
  repoTypes: z.array(RepoType),
  registered: z.boolean().meta({ description: 'Whether all variables that it needs are set.' }),
  needs: z.array(ProviderNeed),
  hasBase: z.boolean().meta({ description: 'Whether its workspaces start from a branch, which can be named as `base_branch`.' }),
  options: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of its options.' }),
}).meta({ id: 'Provider' })
export type Provider = z.infer<typeof Provider>
