import { levelOf } from './access.ts'
import { unprocessable, emptyRepository } from './errors.ts'
import { isFastForward } from './git/history.ts'
import { listRefs } from './git/repository.ts'
import type { GitHubCall, Hub } from './hub.ts'
import type { Repo } from './records.ts'

/** git's own rule for ref names (`git help check-ref-format`). */
const FORBIDDEN = /\.\.|[\p{Cc} ~^:?*[\\]|@\{|\/\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)\./u

/** Throws 422 unless `ref` is a whole and well-formed ref name. */
export function checkRefName(ref: string): void {
  if (!/^refs\/[^/]+\/./.test(ref)) throw unprocessable('Reference name must start with \'refs/\' and have at least two slashes.')
  if (FORBIDDEN.test(ref)) throw unprocessable(`${ref} is not a valid ref name.`)
}

/** Throws 409 when the repository has no commit yet, as the git database then answers nothing. */
export async function needCommits(hub: Hub, repo: Repo): Promise<void> {
  if ((await listRefs(hub.git.of(repo), 'refs/heads')).length === 0) throw emptyRepository()
}

/** Branch name of a ref, undefined for tags and others. */
export function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
}

/** What protection forbids the caller on a branch, also towards `git push`. */
export function refusals(hub: Hub, identity: GitHubCall['identity'], repo: Repo, branch: string): { push: boolean, force: boolean, remove: boolean } {
  const rules = hub.store.protection(repo, branch)
  if (rules === undefined) return { push: false, force: false, remove: false }
  const exempt = !rules.enforce_admins && levelOf(identity, repo) === 'admin'
  const named = identity !== null && (rules.restrictions === null || rules.restrictions.users.includes(identity.login))
  return {
    push: rules.lock_branch || (!exempt && (rules.required_pull_request_reviews !== null || !named)),
    force: !rules.allow_force_pushes,
    remove: !rules.allow_deletions,
  }
}

/** Throws 422 when a branch may not be moved so: not a fast forward without `force`, or protected. */
export async function checkMove(hub: Hub, call: GitHubCall, repo: Repo, ref: string, from: string, to: string, force: boolean): Promise<void> {
  const forward = await isFastForward(hub.git.of(repo), from, to)
  if (!forward && !force) throw unprocessable('Update is not a fast forward')
  const branch = branchOf(ref)
  if (branch === undefined) return
  const refused = refusals(hub, call.identity, repo, branch)
  if (!forward && refused.force) throw unprocessable('Cannot force-push to this branch')
  if (refused.push) throw unprocessable('Changes must be made through a pull request.')
}
