import { repoIdFault } from '../../shared/schemas/project'
import type { RepoType } from '../../shared/schemas/workspace'
import { problem } from '../http/problem'
import { providerError } from '../lib/errors'
import { isAllowed } from '../lib/github'

const hosts: Record<Exclude<RepoType, 'figma'>, string> = { github: 'GitHub', gitlab: 'GitLab', huggingface: 'Hugging Face' }

/**
 * Requires that this server may touch a repository.
 * @throws ProviderError GITHUB_NOT_ALLOWED
 */
export function requireAllowed(type: RepoType, id: string | undefined): void {
  if (type === 'github' && id !== undefined && !isAllowed(id)) throw providerError('GITHUB_NOT_ALLOWED', { name: id })
}

/** @throws 400 when it is not an id of a repository of that type */
export function checkRepoId(type: RepoType, id: string): void {
  const fault = repoIdFault(type, id)
  if (!fault) return
  const errors = [{ field: 'external_repo_id', ...fault }]
  throw type === 'figma' ? problem('TEAM_ID_INVALID', {}, { errors }) : problem('REPO_NAME_INVALID', { service: hosts[type] }, { errors })
}
