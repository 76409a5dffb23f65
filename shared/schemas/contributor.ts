import { z } from 'zod'
import { PageQuery } from './page'
import { atLeastOne, oneLine } from './rules'

/** A GitHub user name: letters, digits and dashes, an underscore where a company manages it, at most 39. */
const githubUsername = z.string().trim().regex(/^[a-z\d][a-z\d_-]{0,38}$/i, {
  error: 'It must be a GitHub user name: letters, digits and dashes, at most 39.',
})

export const NewContributor = z.strictObject({
  full_name: oneLine(100),
  github_username: githubUsername,
}).meta({ id: 'NewContributor', example: { full_name: 'Ada Lovelace', github_username: 'ada-lovelace' } })
export type NewContributor = z.output<typeof NewContributor>

export const ChangedContributor = atLeastOne(NewContributor.partial())
  .meta({ id: 'ChangedContributor', example: { full_name: 'Ada King' } })
export type ChangedContributor = z.output<typeof ChangedContributor>

export const Contributor = z.object({
  uuid: z.uuid(),
  full_name: z.string(),
  github_username: z.string(),
  created_at: z.iso.datetime(),
}).meta({ id: 'Contributor' })
export type Contributor = z.infer<typeof Contributor>

export const ContributorListQuery = PageQuery.extend({ search: z.string().max(255).optional() })
