import { z } from 'zod'
import { PageQuery } from './page'
import { atLeastOne, isFullName, oneLine, prose } from './rules'
import { RepoType } from './workspace'

export const NewProject = z.strictObject({
  title: oneLine(255),
  description: prose(10_000).optional(),
}).meta({ id: 'NewProject', example: { title: 'City Data Portal', description: 'Open data of a city.' } })
export type NewProject = z.output<typeof NewProject>

export const ChangedProject = atLeastOne(z.strictObject({
  title: oneLine(255).optional(),
  description: prose(10_000).nullable().optional(),
})).meta({ id: 'ChangedProject', example: { title: 'City Data' } })
export type ChangedProject = z.output<typeof ChangedProject>

export const Project = z.object({
  uuid: z.uuid(),
  title: z.string(),
  description: z.string().nullable(),
  created_at: z.iso.datetime(),
}).meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

export const ProjectListQuery = PageQuery.extend({ search: z.string().max(255).optional() })

const NOT_A_TEAM = {
  message: 'It must be the id of a Figma team, which consists of digits.',
  fix: 'Copy the number from the address of the team\'s page, or omit it to use FIGMA_TEAM_ID.',
}
const NOT_A_FULL_NAME = {
  message: 'It must be owner/name.',
  fix: 'Copy it from the address of the repository, for example `MyTwin-Lab/leaderboard`.',
}

/** What is wrong with the id of a repository outside, and how to fix it; undefined when nothing is. */
export function repoIdFault(type: RepoType, id: string | undefined): { message: string, fix: string } | undefined {
  if (type === 'figma') return id === undefined || /^\d{1,30}$/.test(id) ? undefined : NOT_A_TEAM
  return id && isFullName(id) ? undefined : NOT_A_FULL_NAME
}

export const NewRepo = z.strictObject({
  title: oneLine(255),
  type: RepoType,
  external_repo_id: oneLine(201).optional(),
  project_id: z.uuid(),
}).superRefine(({ type, external_repo_id: id }, ctx) => {
  const fault = repoIdFault(type, id)
  if (fault) ctx.addIssue({ code: 'custom', path: ['external_repo_id'], message: fault.message, params: { fix: fault.fix } })
}).meta({
  id: 'NewRepo',
  example: {
    title: 'Leaderboard',
    type: 'github',
    external_repo_id: 'MyTwin-Lab/leaderboard',
    project_id: '5c418b3f-3e5a-4542-a29c-539b7dd851f9',
  },
})
export type NewRepo = z.output<typeof NewRepo>

export const ChangedRepo = atLeastOne(z.strictObject({
  title: oneLine(255).optional(),
  external_repo_id: oneLine(201).optional().meta({ description: 'Fixed while the repository has workspaces.' }),
})).meta({ id: 'ChangedRepo', example: { title: 'The leaderboard' } })
export type ChangedRepo = z.output<typeof ChangedRepo>

export const Repo = z.object({
  uuid: z.uuid(),
  title: z.string(),
  type: RepoType,
  external_repo_id: z.string().nullable(),
  project_id: z.uuid(),
}).meta({ id: 'Repo' })
export type Repo = z.infer<typeof Repo>

export const RepoListQuery = PageQuery.extend({ project_id: z.uuid().optional(), type: RepoType.optional() })
