import { ProviderError, providerError } from '../errors'
import { github, organization } from './client'

/** A repository as the ledger keeps it. */
export interface Repo { id: string, name: string, url: string, branch: string }

export interface NewRepo { name: string, description: string, marker: string }

/** GitHub's limit for a description. */
const DESCRIPTION_LENGTH = 350

/**
 * Creates a private repository with a first commit. Its description contains the marker,
 * by which Atelier recognises its own repository.
 * @throws ProviderError ALREADY_EXISTS when the organization has one of that name.
 */
export async function createRepo({ name, description, marker }: NewRepo): Promise<Repo> {
  const { data } = await github().rest.repos.createInOrg({
    org: organization(),
    name,
    description: described(description, marker),
    private: true,
    auto_init: true,
  })
  return toRepo(data)
}

/**
 * Creates a private repository from a template, with the marker. GitHub adds its files a moment later.
 * @param template `owner/name`
 * @throws ProviderError ALREADY_EXISTS when the organization has one of that name, PARENT_NOT_FOUND when there is no such template.
 */
export async function generateRepo(template: string, { name, description, marker }: NewRepo): Promise<Repo> {
  const [owner = '', repo = ''] = template.split('/')
  try {
    const { data } = await github().rest.repos.createUsingTemplate({
      template_owner: owner,
      template_repo: repo,
      owner: organization(),
      name,
      description: described(description, marker),
      private: true,
    })
    return toRepo(data)
  }
  catch (error) {
    if (!(error instanceof ProviderError && error.code === 'PARENT_NOT_FOUND')) throw error
    throw providerError('TEMPLATE_NOT_FOUND', { template }, { cause: error })
  }
}

/**
 * Finds the repository of that name, if there is one and it carries the marker.
 * @param conflict the message about one without the marker
 * @throws ProviderError RESOURCE_CONFLICT when there is one without the marker.
 */
export async function findOwnRepo(
  { name, marker }: Pick<NewRepo, 'name' | 'marker'>,
  conflict: 'REPO_NOT_OURS' | 'WORKSPACE_REPO_NOT_OURS' = 'REPO_NOT_OURS',
): Promise<Repo | null> {
  const owner = organization()
  try {
    const { data } = await github().rest.repos.get({ owner, repo: name })
    if (data.description?.includes(`[${marker}]`)) return toRepo(data)
  }
  catch (error) {
    if (error instanceof ProviderError && error.code === 'PARENT_NOT_FOUND') return null
    throw error
  }
  throw providerError(conflict, { name: `${owner}/${name}` })
}

const described = (description: string, marker: string) =>
  `${description.slice(0, DESCRIPTION_LENGTH - marker.length - 3)} [${marker}]`

/**
 * Requires a pull request with one approval and forbids force pushes and deletion.
 * @throws ProviderError FEATURE_UNAVAILABLE where the plan has no protection for private repositories.
 */
export async function protectBranch({ name, branch }: Pick<Repo, 'name' | 'branch'>): Promise<void> {
  await github().rest.repos.updateBranchProtection({
    owner: organization(),
    repo: name,
    branch,
    required_status_checks: null,
    enforce_admins: false,
    required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true },
    restrictions: null,
    allow_force_pushes: false,
    allow_deletions: false,
  })
}

/** A repository of GitHub's as the ledger keeps it. */
export const toRepo = (data: { id: number, name: string, html_url: string, default_branch?: string }): Repo => ({
  id: String(data.id),
  name: data.name,
  url: data.html_url,
  branch: data.default_branch ?? 'main',
})
