import { z } from 'zod'
import { PageQuery } from './page'
import { Repo } from './project'
import { atLeastOne, oneLine, prose } from './rules'
import { Provisioning, WorkspaceMeta, WorkspaceStatus, WorkspaceType, WorkspaceSpec } from './workspace'

export const ChallengeStatus = z.enum(['open', 'closed']).meta({ id: 'ChallengeStatus' })

const date = z.iso.date({ error: 'It must be a date like `2026-09-01`.' })

const reward = z.int().min(0).max(1_000_000)

export const NewChallenge = z.strictObject({
  title: oneLine(255),
  project_id: z.uuid(),
  index: z.int().min(1).max(999_999).optional()
    .meta({ description: 'Its number, which names its workspaces. Absent: one more than the highest there is.' }),
  status: ChallengeStatus.default('open'),
  description: prose(10_000).optional(),
  roadmap: prose(10_000).optional(),
  start_date: date.optional(),
  end_date: date.optional(),
  contribution_points_reward: reward.default(0),
}).superRefine((dates, ctx) => {
  if (endsBeforeStart(dates)) ctx.addIssue({ code: 'custom', path: ['end_date'], message: 'It must not be before start_date.' })
}).meta({
  id: 'NewChallenge',
  example: {
    title: 'Admin Experience Update',
    index: 7,
    project_id: '5c418b3f-3e5a-4542-a29c-539b7dd851f9',
    end_date: '2026-12-31',
  },
})
export type NewChallenge = z.output<typeof NewChallenge>

/** Dates of this form compare as text. */
export const endsBeforeStart = ({ start_date: start, end_date: end }: { start_date?: string | null, end_date?: string | null }): boolean =>
  Boolean(start && end && end < start)

export const ChangedChallenge = atLeastOne(z.strictObject({
  title: oneLine(255).optional().meta({ description: 'Its workspaces keep their names.' }),
  status: ChallengeStatus.optional(),
  description: prose(10_000).nullable().optional(),
  roadmap: prose(10_000).nullable().optional(),
  start_date: date.nullable().optional(),
  end_date: date.nullable().optional(),
  contribution_points_reward: reward.optional(),
})).meta({ id: 'ChangedChallenge', example: { status: 'closed' } })
export type ChangedChallenge = z.output<typeof ChangedChallenge>

export const Challenge = z.object({
  uuid: z.uuid(),
  index: z.int(),
  slug: z.string(),
  title: z.string(),
  project_id: z.uuid(),
  status: ChallengeStatus,
  description: z.string().nullable(),
  roadmap: z.string().nullable(),
  start_date: z.string().nullable(),
  end_date: z.string().nullable(),
  contribution_points_reward: z.int(),
  completion: z.number().meta({ description: 'Tasks done of all, from 0 to 1; 0 without tasks.' }),
  created_at: z.iso.datetime(),
}).meta({ id: 'Challenge' })
export type Challenge = z.infer<typeof Challenge>

export const ChallengeListQuery = PageQuery.extend({ project_id: z.uuid().optional(), status: ChallengeStatus.optional() })

/** Links a challenge to a repository, in which it gets its workspace. */
export const NewChallengeRepo = WorkspaceSpec.extend({ challenge_id: z.uuid(), repo_id: z.uuid() }).meta({
  id: 'NewChallengeRepo',
  example: { challenge_id: 'cb909c84-20c4-42f7-a623-fff42db48a72', repo_id: '36c21459-2df1-4ae9-bbbe-586660f1a97d' },
})

/** The link of a challenge to a repository, with its workspace under the published API's names. */
export const ChallengeRepo = z.object({
  challenge_id: z.uuid(),
  repo_id: z.uuid(),
  workspace_id: z.uuid(),
  workspace_provider: z.string(),
  workspace_type: WorkspaceType,
  workspace_ref: z.string(),
  workspace_url: z.url().nullable(),
  workspace_status: WorkspaceStatus,
  workspace_meta: WorkspaceMeta,
}).meta({ id: 'ChallengeRepo' })
export type ChallengeRepo = z.infer<typeof ChallengeRepo>

export const LinkedRepo = z.object({
  success: z.literal(true),
  challenge_repo: ChallengeRepo,
  provisioning: Provisioning,
}).meta({ id: 'LinkedRepo' })

/** The link of a challenge to a repository, with the repository and the state of the workspace. */
export const ChallengeLink = ChallengeRepo.extend({ repo: Repo, provisioning: Provisioning }).meta({ id: 'ChallengeLink' })
export type ChallengeLink = z.infer<typeof ChallengeLink>
