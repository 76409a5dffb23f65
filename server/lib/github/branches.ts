import { ProviderError, providerError } from '../errors'
import { github, githubPages } from './client'

/** `owner/name` of a repository, wherever it is. */
export type FullName = string

const whereIs = (repo: FullName) => {
  const [owner = '', name = ''] = repo.split('/')
  return { owner, repo: name }
}

/** A branch and the commit that it is on. */
export interface Head { branch: string, sha: string }

/**
 * The branch to start from, and its commit.
 * @param branch absent: the repository's default branch
 * @throws ProviderError PARENT_NOT_FOUND when the repository or the branch does not exist, or has no commit yet
 */
export async function readBase(repo: FullName, branch?: string): Promise<Head> {
  const from = branch ?? await readDefaultBranch(repo)
  const sha = await readBranch(repo, from)
  if (sha === null) throw providerError('BRANCH_NOT_FOUND', { repo, branch: from })
  return { branch: from, sha }
}

async function readDefaultBranch(repo: FullName): Promise<string> {
  const { data } = await github().rest.repos.get(whereIs(repo)).catch((error: unknown) => {
    throw isMissing(error) ? noRepo(repo, error) : error
  })
  return data.default_branch
}

/** The commit that a branch is on; null when there is no such branch, or no such repository. */
export async function readBranch(repo: FullName, branch: string): Promise<string | null> {
  try {
    const { data } = await github().rest.git.getRef({ ...whereIs(repo), ref: `heads/${branch}` })
    return data.object.sha
  }
  catch (error) {
    if (isMissing(error) || isEmpty(error)) return null
    throw error
  }
}

/**
 * Creates a branch on a commit.
 * @throws ProviderError ALREADY_EXISTS when there is one of that name, RESOURCE_CONFLICT when the name of another prevents it
 */
export async function createBranch(repo: FullName, { branch, sha }: Head): Promise<void> {
  try {
    await github().rest.git.createRef({ ...whereIs(repo), ref: `refs/heads/${branch}`, sha })
  }
  catch (error) {
    if (isMissing(error)) throw noRepo(repo, error)
    if (!(error instanceof ProviderError && error.code === 'PROVIDER_REJECTED')) throw error
    const other = await findInTheWay(repo, branch)
    throw other ? providerError('BRANCH_NAME_BLOCKED', { repo, other, branch }, { cause: error }) : error
  }
}

/** The branch that is named like a folder of this one, or within it. */
async function findInTheWay(repo: FullName, branch: string): Promise<string | undefined> {
  const folder = branch.slice(0, branch.indexOf('/'))
  if (folder && await readBranch(repo, folder) !== null) return folder
  const { data } = await github().rest.git.listMatchingRefs({ ...whereIs(repo), ref: `heads/${branch}/` })
  return data[0]?.ref.slice('refs/heads/'.length)
}

/** How many commits a branch has beyond a commit or another branch; null when one of them is gone. */
export async function countBeyond(repo: FullName, base: string, branch: string): Promise<number | null> {
  try {
    const { data } = await github().rest.repos.compareCommitsWithBasehead({
      ...whereIs(repo),
      basehead: `${base}...${branch}`,
      per_page: 1,
    })
    return data.ahead_by
  }
  catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Removes a branch; a missing one is not a failure. */
export async function deleteBranch(repo: FullName, branch: string): Promise<void> {
  try {
    await github().rest.git.deleteRef({ ...whereIs(repo), ref: `heads/${branch}` })
  }
  catch (error) {
    if (!isMissing(error) && !(error instanceof ProviderError && /reference does not exist/i.test(error.message))) throw error
  }
}

/** The page of a branch. */
export const branchUrl = (repo: FullName, branch: string) =>
  `${githubPages()}/${repo}/tree/${branch.split('/').map(encodeURIComponent).join('/')}`

const isMissing = (error: unknown) => error instanceof ProviderError && error.code === 'PARENT_NOT_FOUND'
/** GitHub answers 409 for every ref of a repository without a commit. */
const isEmpty = (error: unknown) => error instanceof ProviderError && /repository is empty/i.test(error.message)

const noRepo = (repo: FullName, cause: unknown) => providerError('REPO_NOT_FOUND', { repo }, { cause })
