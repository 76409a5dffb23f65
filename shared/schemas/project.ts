import { z } from 'zod'
import { PageQuery } from './page'
import { oneLine } from './rules'
import { RepoType } from './workspace'

/** Longer text of people: several lines, in any script. */
export const prose = (max: number) => z.string().max(max, { error: `It is longer than ${max} characters.` })
  .refine(text => text.isWellFormed() && !text.includes('\0'), { error: 'It has characters that are no text.' })

export const NewProject = z.strictObject({ title: oneLine(255), description: prose(10_000).optional() }).meta({ id: 'NewProject' })
export type NewProject = z.output<typeof NewProject>

export const ChangedProject = NewProject.partial().meta({ id: 'ChangedProject' })

export const Project = z.object({
  uuid: z.uuid(),
  title: z.string(),
  description: z.string().nullable(),
  created_at: z.iso.datetime(),
}).meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

export const ProjectListQuery = PageQuery.extend({ search: z.string().max(255).optional() })

/** Letters, digits, `.`, `_` and `-` around one slash, as GitHub, GitLab and Hugging Face have them. */
const FULL_NAME = /^[\w][\w.-]{0,99}\/(?!\.{1,2}$)(?!.*\.git$)[\w.-]{1,100}$/i

export const NewRepo = z.strictObject({
  title: oneLine(255),
  type: RepoType,
  external_repo_id: oneLine(201).optional(),
  project_id: z.uuid(),
}).superRefine(({ type, external_repo_id: id }, ctx) => {
  if (type === 'figma') {
    if (id !== undefined && !/^\d{1,30}$/.test(id))
      ctx.addIssue({ code: 'custom', path: ['external_repo_id'], message: 'It is no id of a Figma team: those are digits.', params: { fix: 'Take the number from the address of the team\'s page, or leave it out to use FIGMA_TEAM_ID.' } })
  }
  else if (!id || !FULL_NAME.test(id)) {
    ctx.addIssue({ code: 'custom', path: ['external_repo_id'], message: 'It is no owner/name.', params: { fix: 'Write it as it stands in the address of the repository, `MyTwin-Lab/leaderboard`.' } })
  }
}).meta({ id: 'NewRepo' })
export type NewRepo = z.output<typeof NewRepo>

export const Repo = z.object({
  uuid: z.uuid(),
  title: z.string(),
  type: RepoType,
  external_repo_id: z.string().nullable(),
  project_id: z.uuid(),
}).meta({ id: 'Repo' })
export type Repo = z.infer<typeof Repo>

export const RepoListQuery = PageQuery.extend({ project_id: z.uuid().optional(), type: RepoType.optional() })
