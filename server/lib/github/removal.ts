import { ProviderError, providerError } from '../errors'
import { github, organization } from './client'
import { trailer } from './commits'
import { type NewRepo, toRepo } from './repos'

/** A repository that Atelier created; `id` is absent when the creating call was never answered, `seed` when that of the commit was not. */
export interface OwnRepo extends Pick<NewRepo, 'name' | 'marker'> { id?: string, seed?: string }

/**
 * Finds a repository that may be removed: the one that was created, in which nobody has worked since.
 * @returns removes it; null when it does not exist
 * @throws ProviderError RESOURCE_CONFLICT when it does not carry the marker any more, or holds work of people:
 * commits, branches, open issues and pull requests
 */
export async function findRemovableRepo({ name, marker, id, seed }: OwnRepo): Promise<(() => Promise<void>) | null> {
  const where = { owner: organization(), repo: name }
  const found = await unlessGone(github().rest.repos.get(where).then(({ data }) => data))
  // Somebody else created another one of that name after ours was gone.
  if (!found || (id ? String(found.id) !== id : !found.description?.includes(`[${marker}]`))) return null
  const { name: now, branch } = toRepo(found)
  const fullName = { name: `${where.owner}/${now}` }
  if (!found.description?.includes(`[${marker}]`)) throw providerError('REPO_MARKER_LOST', fullName)
  if (await hasWorkOfOthers({ ...where, repo: now }, branch, { marker, seed })) throw providerError('REPO_HAS_COMMITS', fullName)
  // Pull requests count among them.
  if (found.open_issues_count > 0) throw providerError('REPO_HAS_ISSUES', fullName)
  return async () => {
    await unlessGone(github().rest.repos.delete({ ...where, repo: now }))
  }
}

/** Whether there is more than the branch and the two commits that Atelier created: the first, and the seed. */
async function hasWorkOfOthers(
  where: { owner: string, repo: string }, branch: string, { marker, seed }: Pick<OwnRepo, 'marker' | 'seed'>,
): Promise<boolean> {
  const { repos } = github().rest
  const [branches, commits] = await Promise.all([
    repos.listBranches({ ...where, per_page: 2 }),
    repos.listCommits({ ...where, sha: branch, per_page: 3 }),
  ])
  const later = commits.data.filter(({ parents }) => parents.length > 0)
  const isSeed = ({ sha, commit }: (typeof later)[number]) =>
    seed ? sha === seed : commit.message.split('\n').includes(trailer(marker))
  return branches.data.length > 1 || later.length > 1 || !later.every(isSeed)
}

async function unlessGone<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (error instanceof ProviderError && error.code === 'PARENT_NOT_FOUND') return null
    throw error
  })
}
