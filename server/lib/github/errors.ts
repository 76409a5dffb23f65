import { RequestError } from '@octokit/request-error'
import { ProviderError } from '../errors'

const MINUTE = 60_000
const WITHIN_A_REPOSITORY = /^[A-Z]+ \/repos\/[^/]+\/[^/]+\/./

/** Turns what Octokit throws into what happened, why and how to mend it. */
export function toProviderError(error: unknown, target: string): ProviderError {
  if (error instanceof ProviderError) return error
  if (!(error instanceof RequestError) || isTransportFailure(error)) return unreachable(error, target)
  const said = error.message
  const details = { message: `GitHub refused ${target}: ${said}`, cause: error }
  const wait = rateLimitWait(error)
  if (wait !== undefined) return new ProviderError({
    ...details,
    code: 'RATE_LIMITED',
    why: 'GitHub limits how much a token may do in a minute and in an hour.',
    fix: 'Nothing: it goes on by itself when the limit allows.',
    retryable: true,
    retryAfter: wait,
  })
  switch (error.status) {
    case 401: return new ProviderError({
      ...details,
      code: 'PROVIDER_AUTHENTICATION',
      why: 'GITHUB_TOKEN is wrong, was revoked or has expired.',
      fix: 'Make a new token at https://github.com/settings/tokens with the scopes repo, admin:org and delete_repo, set GITHUB_TOKEN, start Atelier again, then try again.',
      retryable: false,
    })
    case 403: return new ProviderError({
      ...details,
      code: lacksFeature(said, target) ? 'FEATURE_UNAVAILABLE' : 'PROVIDER_FORBIDDEN',
      why: lacksFeature(said, target)
        ? 'GitHub offers this for private repositories on paid plans only.'
        : 'The token may not do this in this organization.',
      fix: lacksFeature(said, target)
        ? 'Upgrade the organization, GitHub is free for education at https://education.github.com, or go on without it.'
        : target.startsWith('DELETE ')
          ? 'Give the token the scope delete_repo, too, and its owner admin rights to the repository, then try again.'
          : 'Give the token the scopes repo and admin:org and its owner the right to create repositories, then try again.',
      retryable: false,
    })
    case 404: return new ProviderError({
      ...details,
      code: 'PARENT_NOT_FOUND',
      why: 'It does not exist, or the token may not see it.',
      fix: 'Check GITHUB_ORG and that the token has access to it, then try again.',
      // What lies within a repository may take a moment to be there after the repository itself.
      retryable: WITHIN_A_REPOSITORY.test(target),
    })
    case 422: return new ProviderError({
      ...details,
      code: /already exists/i.test(said) ? 'ALREADY_EXISTS' : 'PROVIDER_REJECTED',
      why: /already exists/i.test(said) ? 'GitHub has one of that name.' : 'GitHub does not accept these values.',
      fix: 'Change the name or the values that GitHub names.',
      retryable: false,
    })
    case 409: return unavailable(details, 'GitHub is not done with an earlier change of this repository.')
    default: return error.status >= 500
      ? unavailable(details, 'GitHub has a problem of its own.')
      : new ProviderError({ ...details, code: 'PROVIDER_REJECTED', why: `GitHub answered ${error.status}.`, fix: 'Read what GitHub says, mend it and try again.', retryable: false })
  }
}

/** A course can do without branch protection, and so only this is ever left out; a repository is not. */
const lacksFeature = (said: string, target: string) => target.endsWith('/protection') && /upgrade to github/i.test(said)

/** Octokit reports a lost connection and a timeout as a RequestError of status 500 without an answer. */
const isTransportFailure = (error: RequestError) => error.response === undefined

function unreachable(error: unknown, target: string): ProviderError {
  return unavailable(
    { message: `GitHub did not answer ${target}: ${error instanceof Error ? error.message : String(error)}`, cause: error },
    'The connection broke, or the answer took too long.',
  )
}

function unavailable(details: { message: string, cause: unknown }, why: string): ProviderError {
  return new ProviderError({
    ...details,
    code: 'PROVIDER_UNAVAILABLE',
    why,
    fix: 'Nothing at first: it is tried again. If it stays, look at https://www.githubstatus.com and at GITHUB_API_URL, then try again.',
    retryable: true,
  })
}

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
