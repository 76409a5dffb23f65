import type { ContributorRow } from './queries'
import type { Contributor } from '../../shared/schemas/contributor'

/** A contributor as the API answers it. */
export const toContributor = ({ id, fullName, githubUsername, createdAt }: ContributorRow): Contributor =>
  ({ uuid: id, full_name: fullName, github_username: githubUsername, created_at: createdAt.toISOString() })
