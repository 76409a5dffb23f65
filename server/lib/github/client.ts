import { Octokit } from '@octokit/rest'
import { instrumented } from '../instrumentation'
import { githubConfig, githubOrg } from '../env'
import { ProviderError } from '../errors'
import { rateLimited } from '../rate-limits/rate-limited'
import { checkCall } from './allowed'
import { toProviderError } from './errors'
import { costOf, feedbackOf } from './limits'

let client: { octokit: Octokit, key: string } | undefined

/**
 * The GitHub client. Every call is rate limited and instrumented. It fails fast on purpose: no throttling
 * or retry plugin sleeps inside a step, the step's own retry waits.
 */
export function github(): Octokit {
  const { token, apiUrl } = githubConfig()
  const key = `${apiUrl} ${token}`
  if (client?.key === key) return client.octokit
  const octokit = new Octokit({
    auth: token,
    baseUrl: apiUrl,
    userAgent: 'atelier',
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  octokit.hook.wrap('request', (request, options) => {
    const target = `${options.method} ${options.url.replace(/\{(\w+)\}/g, (_, name: string) => String(options[name] ?? name))}`
    const action = actionOf(options.method, options.url)
    checkCall(options, target)
    return rateLimited(costOf(action, [options.method]), feedbackOfOutcome, () => instrumented(
      { service: 'GITHUB', action, target },
      statusOf,
      signal => Promise.resolve(request({ ...options, request: { ...options.request, signal } }))
        .catch((error: unknown) => { throw toProviderError(error, target) }),
    ))
  })
  client = { octokit, key }
  return octokit
}

/** The organization that owns the repositories of Atelier. */
export const organization = githubOrg

function feedbackOfOutcome(outcome: unknown) {
  const response = outcome instanceof Error ? (outcome.cause as { response?: unknown } | undefined)?.response : outcome
  const { headers = {} } = (response ?? {}) as { headers?: Record<string, string> }
  const waitMs = outcome instanceof ProviderError && outcome.code === 'RATE_LIMITED' ? outcome.retryAfter : undefined
  return feedbackOf(headers, waitMs)
}

const statusOf = (outcome: unknown): number | null => {
  const source = outcome instanceof Error ? outcome.cause : outcome
  const status = (source as { status?: unknown } | undefined)?.status
  return typeof status === 'number' ? status : null
}

/** The published API's names of calls; other calls are named alike. */
const actions: Record<string, string> = {
  'POST /orgs/{org}/repos': 'GITHUB_CREATE_REPO',
  'POST /repos/{template_owner}/{template_repo}/generate': 'GITHUB_GENERATE_REPO',
  'GET /repos/{owner}/{repo}': 'GITHUB_GET_REPO',
  'DELETE /repos/{owner}/{repo}': 'GITHUB_DELETE_REPO',
  'GET /repos/{owner}/{repo}/branches': 'GITHUB_LIST_BRANCHES',
  'PUT /repos/{owner}/{repo}/branches/{branch}/protection': 'GITHUB_APPLY_BRANCH_PROTECTION',
  'POST /repos/{owner}/{repo}/git/trees': 'GITHUB_CREATE_TREE',
  'GET /repos/{owner}/{repo}/git/ref/{ref}': 'GITHUB_GET_REF',
  'POST /repos/{owner}/{repo}/git/commits': 'GITHUB_CREATE_COMMIT',
  'PATCH /repos/{owner}/{repo}/git/refs/{ref}': 'GITHUB_SEED_CONTENT',
  'GET /repos/{owner}/{repo}/commits': 'GITHUB_LIST_COMMITS',
  'POST /repos/{owner}/{repo}/git/refs': 'GITHUB_CREATE_BRANCH',
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}': 'GITHUB_DELETE_BRANCH',
  'GET /repos/{owner}/{repo}/compare/{basehead}': 'GITHUB_COMPARE_BRANCHES',
}

const actionOf = (method: string, url: string) => actions[`${method} ${url}`] ?? 'GITHUB_CALL'

/** The address of the web pages: github.com, GitHub Enterprise Cloud or an Enterprise server. */
export function githubPages(): string {
  const { protocol, host } = new URL(githubConfig().apiUrl)
  return `${protocol}//${host.replace(/^api\./, '')}`
}
