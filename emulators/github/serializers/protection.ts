import type { GitHubBackend } from '../backend.ts'
import type { Protection, Repo, Schemas } from '../records.ts'
import { repoUrl } from './repo.ts'
import { simpleUser } from './user.ts'

/** URL of a branch's protection. */
export function protectionUrl(backend: GitHubBackend, repo: Repo, branch: string): string {
  return `${repoUrl(backend, repo)}/branches/${encodeURIComponent(branch)}/protection`
}

/** The rules of a branch, as `GET` and `PUT …/protection` answer them. */
export function branchProtection(backend: GitHubBackend, repo: Repo, branch: string, rules: Protection): Schemas['branch-protection'] {
  const url = protectionUrl(backend, repo, branch)
  const reviews = rules.required_pull_request_reviews
  const checks = rules.required_status_checks
  return {
    url,
    ...(checks && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        strict: checks.strict,
        contexts: checks.contexts,
        contexts_url: `${url}/required_status_checks/contexts`,
        checks: checks.contexts.map(context => ({ context, app_id: null })),
      },
    }),
    ...(reviews && { required_pull_request_reviews: { url: `${url}/required_pull_request_reviews`, ...reviews } }),
    ...(rules.restrictions && {
      restrictions: {
        url: `${url}/restrictions`,
        users_url: `${url}/restrictions/users`,
        teams_url: `${url}/restrictions/teams`,
        apps_url: `${url}/restrictions/apps`,
        users: rules.restrictions.users.map(login => simpleUser(backend, login)),
        // The emulator has no teams and apps: `PUT …/protection` refuses restrictions that name some.
        teams: [],
        apps: [],
      },
    }),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rules.enforce_admins },
    required_linear_history: { enabled: rules.required_linear_history },
    allow_force_pushes: { enabled: rules.allow_force_pushes },
    allow_deletions: { enabled: rules.allow_deletions },
    block_creations: { enabled: rules.block_creations },
    required_conversation_resolution: { enabled: rules.required_conversation_resolution },
    lock_branch: { enabled: rules.lock_branch },
    allow_fork_syncing: { enabled: rules.allow_fork_syncing },
  }
}
