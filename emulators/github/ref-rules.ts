import { levelOf } from './access.ts'
import { unprocessable, emptyRepository } from './errors.ts'
import { isFastForward } from './git/history.ts'
import { listRefs } from './git/repository.ts'
import type { GitHubCall, GitHubBackend } from './backend.ts'
import type { Repo } from './records.ts'

/** git's rule for ref names (`git help check-ref-format`). */
const FORBIDDEN = /\.\.|[\p{Cc} ~^:?*[\\]|@\{|\/\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)\./u

/** @throws HttpError 422 unless `ref` is a full and well-formed ref name */
export function checkRefName(ref: string): void {
  if (!/^refs\/[^/]+\/./.test(ref)) throw unprocessable('Reference name must start with \'refs/\' and have at least two slashes.')
  if (FORBIDDEN.test(ref)) throw unprocessable(`${ref} is not a valid ref name.`)
}

/** @throws HttpError 409 if the repository has no commit: the git database API then fails */
export async function requireCommits(backend: GitHubBackend, repo: Repo): Promise<void> {
  if ((await listRefs(backend.git.of(repo), 'refs/heads')).length === 0) throw emptyRepository()
}

/** Branch name of a ref, undefined for tags and others. */
export function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
}

interface ForbiddenChanges { push: boolean, force: boolean, remove: boolean }

/** The changes that branch protection forbids the caller, by the API and by `git push`. */
export function forbiddenChanges(
  backend: GitHubBackend,
  identity: GitHubCall['identity'],
  repo: Repo,
  branch: string,
): ForbiddenChanges {
  const rules = backend.store.protection(repo, branch)
  if (rules === undefined) return { push: false, force: false, remove: false }
  const isExempt = !rules.enforce_admins && levelOf(identity, repo) === 'admin'
  const isListed = identity !== null && (rules.restrictions === null || rules.restrictions.users.includes(identity.login))
  return {
    push: rules.lock_branch || (!isExempt && (rules.required_pull_request_reviews !== null || !isListed)),
    force: !rules.allow_force_pushes,
    remove: !rules.allow_deletions,
  }
}

interface RefMove { ref: string, from: string, to: string, force: boolean }

/** @throws HttpError 422 for a move that is not a fast forward, without `force`, or that branch protection forbids */
export async function checkMove(
  backend: GitHubBackend,
  call: GitHubCall,
  repo: Repo,
  { ref, from, to, force }: RefMove,
): Promise<void> {
  const isForward = await isFastForward(backend.git.of(repo), from, to)
  if (!isForward && !force) throw unprocessable('Update is not a fast forward')
  const branch = branchOf(ref)
  if (branch === undefined) return
  const forbidden = forbiddenChanges(backend, call.identity, repo, branch)
  if (!isForward && forbidden.force) throw unprocessable('Cannot force-push to this branch')
  if (forbidden.push) throw unprocessable('Changes must be made through a pull request.')
}
