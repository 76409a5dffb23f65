import { RequestError } from '@octokit/request-error'
import { ProviderError, providerError } from '../errors'

const MINUTE = 60_000
const WITHIN_A_REPOSITORY = /^[A-Z]+ \/repos\/[^/]+\/[^/]+\/./

const AT_GITHUB = { service: 'GitHub', statusPage: 'https://www.githubstatus.com', variable: 'GITHUB_API_URL' }

/** Turns what Octokit throws into what happened, why and what to do. */
export function toProviderError(error: unknown, target: string): ProviderError {
  if (error instanceof ProviderError) return error
  if (!(error instanceof RequestError) || isTransportFailure(error)) return unreachable(error, target)
  const call = { ...AT_GITHUB, target, said: error.message }
  const cause = error
  const retryAfter = rateLimitWait(error)
  if (retryAfter !== undefined) return providerError('SERVICE_RATE_LIMITED', call, { cause, retryAfter })
  switch (error.status) {
    case 401: return providerError('GITHUB_TOKEN_REFUSED', call, { cause })
    case 403: return providerError(forbidden(error.message, target), call, { cause })
    // What is inside a repository may appear a moment after the repository itself.
    case 404: return providerError(WITHIN_A_REPOSITORY.test(target) ? 'GITHUB_NOT_FOUND_YET' : 'GITHUB_NOT_FOUND', call, { cause })
    case 409: return providerError('GITHUB_BUSY', call, { cause })
    case 422: return /already exists/i.test(error.message)
      ? providerError('NAME_EXISTS', call, { cause })
      : providerError('CALL_REJECTED', { ...call, status: 422 }, { cause })
    default: return error.status >= 500
      ? providerError('SERVICE_DOWN', { ...call, status: error.status }, { cause })
      : providerError('CALL_REJECTED', { ...call, status: error.status }, { cause })
  }
}

function forbidden(said: string, target: string) {
  if (lacksFeature(said, target)) return 'BRANCH_PROTECTION_UNAVAILABLE'
  return target.startsWith('DELETE ') ? 'GITHUB_DELETE_FORBIDDEN' : 'GITHUB_FORBIDDEN'
}

/** Only branch protection may be skipped: a course can do without it. */
const lacksFeature = (said: string, target: string) => target.endsWith('/protection') && /upgrade to github/i.test(said)

/** Octokit reports a lost connection and a timeout as a RequestError of status 500 without an answer. */
const isTransportFailure = (error: RequestError) => error.response === undefined

const unreachable = (cause: unknown, target: string) =>
  providerError('SERVICE_UNREACHABLE', { ...AT_GITHUB, target, said: cause instanceof Error ? cause.message : String(cause) }, { cause })

/**
 * Milliseconds GitHub asks to wait; undefined when the refusal is no rate limit.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function rateLimitWait(error: RequestError): number | undefined {
  if (error.status !== 403 && error.status !== 429) return undefined
  const headers = error.response?.headers ?? {}
  const retryAfter = Number(headers['retry-after'])
  if (Number.isFinite(retryAfter)) return retryAfter * 1000
  const reset = Number(headers['x-ratelimit-reset']) * 1000 - Date.now()
  if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) return Math.max(1000, reset)
  return error.status === 429 || /rate limit/i.test(error.message) ? MINUTE : undefined
}
