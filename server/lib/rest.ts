import { instrumented, type OutsideCall } from './instrumentation'
import { ProviderError } from './errors'
import type { RateLimitCost } from './rate-limits/cost'
import type { RateLimitFeedback } from './rate-limits/feedback'
import { rateLimited } from './rate-limits/rate-limited'

const CALL_TIMEOUT_MS = 15_000
const MINUTE = 60_000
/** The Hub sends on once from the old name of what was renamed. */
const MOST_REDIRECTS = 3

/** A service that is spoken to without a client library, in the words of its errors. */
export interface RestService {
  id: OutsideCall['service']
  name: string
  /** What is wrong with the credential when it is refused, and how to mend it. */
  credential: { why: string, fix: string }
  /** How to get the right to do what was forbidden. */
  forbidden: string
  /** What to look at when something is not there. */
  missing: string
  /** Where it says that it has trouble, and the variable of its address. */
  status: string
  apiUrlVariable: string
  /** Whether an answer refuses the credential itself; 401 always does. */
  refusesCredential?: (answer: Answer) => boolean
}

/** An answer of a service, whole. */
export interface Answer { status: number, header: (name: string) => string | null, text: string }

export interface RestCall {
  action: string
  method: 'GET' | 'POST' | 'DELETE'
  /** Base and path; the path is audited. */
  apiUrl: string
  path: string
  headers: Record<string, string>
  body?: string
  cost: RateLimitCost
}

/**
 * One call, rate limited and instrumented. It fails fast: the step's own retry waits.
 * @returns what was answered, of JSON its value
 * @throws ProviderError for every other answer than success, and for none
 */
export async function callRest<T>(service: RestService, { action, method, apiUrl, path, headers, body, cost }: RestCall): Promise<T> {
  const target = `${method} ${path}`
  const send = async () => {
    const answer = await request(apiUrl + path, { method, headers, body, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) })
      .catch((error: unknown) => Promise.reject(unanswered(service, target, error)))
    if (answer.status >= 300) throw refused(service, target, answer)
    return answer
  }
  const { text, header } = await rateLimited(cost, feedbackOf, () =>
    instrumented({ service: service.id, action, target }, outcome => answerOf(outcome)?.status ?? null, send))
  return (header('content-type')?.includes('json') ? JSON.parse(text) : text) as T
}

/** Follows the service from one of its own addresses to another; to none else, as the credential would go there, too. */
async function request(url: string, init: RequestInit, redirects = MOST_REDIRECTS): Promise<Answer> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  const text = await response.text()
  const location = response.headers.get('location')
  const to = isRedirect(response) && location ? new URL(location, url) : undefined
  if (to && redirects > 0 && to.origin === new URL(url).origin) return request(to.href, init, redirects - 1)
  return { status: response.status, header: name => response.headers.get(name), text }
}

const isRedirect = ({ status }: { status: number }) => status >= 300 && status < 400

/** The answer that an outcome is, or that is behind an error. */
export function answerOf(outcome: unknown): Answer | undefined {
  const source = outcome instanceof ProviderError ? outcome.cause : outcome
  return source && typeof source === 'object' && 'status' in source ? source as Answer : undefined
}

/**
 * What an answer says about the limits: how long to wait, and what remains of the window.
 * `RateLimit: "api";r=499;t=245`, https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function feedbackOf(outcome: unknown): RateLimitFeedback {
  const answer = answerOf(outcome)
  if (!answer) return {}
  const [, remaining, seconds] = /;\s*r=(\d+)\s*;\s*t=(\d+)/.exec(answer.header('ratelimit') ?? '') ?? []
  return {
    block: answer.status === 429 ? { ms: waitOf(answer), scope: 'all' } : undefined,
    quota: remaining !== undefined ? { remaining: Number(remaining), resetsAt: Date.now() + Number(seconds) * 1000 } : undefined,
  }
}

/** Milliseconds that a refusal asks to wait. */
function waitOf({ header }: Answer): number {
  const after = header('retry-after') ?? ''
  if (/^\d+$/.test(after)) return Number(after) * 1000
  const until = Date.parse(after) - Date.now()
  if (Number.isFinite(until)) return Math.max(1000, until)
  const [, seconds] = /;\s*t=(\d+)/.exec(header('ratelimit') ?? '') ?? []
  return seconds === undefined ? MINUTE : Math.max(1, Number(seconds)) * 1000
}

/** What a service said was wrong: in a header, or in a field of its body. */
function saidIn({ text, header }: Answer): string {
  const said = header('x-error-message')
  if (said) return said
  try {
    const { error, err, message } = JSON.parse(text) as Record<string, unknown>
    return [error, err, message].find(said => typeof said === 'string') ?? text.slice(0, 200)
  }
  catch {
    return text.slice(0, 200)
  }
}

function refused(service: RestService, target: string, answer: Answer): ProviderError {
  const { status } = answer
  const details = { message: `${service.name} refused ${target}: ${saidIn(answer)}`, cause: answer }
  if (status === 401 || service.refusesCredential?.(answer)) return new ProviderError({ ...details, code: 'PROVIDER_AUTHENTICATION', ...service.credential, retryable: false })
  if (isRedirect(answer)) return new ProviderError({
    ...details,
    code: 'WRONG_CONFIGURATION',
    message: `${service.name} sends ${target} on to ${answer.header('location') ?? 'nowhere'}.`,
    why: 'A credential is sent to no other address than the one that was set.',
    fix: `Set ${service.apiUrlVariable} to where ${service.name} is, start again and try again.`,
    retryable: false,
  })
  if (status === 429) return new ProviderError({
    ...details,
    code: 'RATE_LIMITED',
    why: `${service.name} limits how much a token may do.`,
    fix: 'Nothing: it goes on by itself when the limit allows.',
    retryable: true,
    retryAfter: waitOf(answer),
  })
  switch (status) {
    case 403: return new ProviderError({ ...details, code: 'PROVIDER_FORBIDDEN', why: 'The token may not do this.', fix: service.forbidden, retryable: false })
    case 404: return new ProviderError({ ...details, code: 'PARENT_NOT_FOUND', why: 'It does not exist, or the token may not see it.', fix: service.missing, retryable: false })
    case 409: return new ProviderError({ ...details, code: 'ALREADY_EXISTS', why: `${service.name} has one of that name.`, fix: 'Change the name, or remove the other one.', retryable: false })
    case 412: return unavailable(service, details, 'Something else changed it at the same timestamptz.')
    default: return status >= 500 || status === 408
      ? unavailable(service, details, `${service.name} has a problem of its own.`)
      : new ProviderError({ ...details, code: 'PROVIDER_REJECTED', why: `${service.name} answered ${status}.`, fix: `Read what ${service.name} says, mend it and try again.`, retryable: false })
  }
}

const unanswered = (service: RestService, target: string, error: unknown) => unavailable(
  service,
  { message: `${service.name} did not answer ${target}: ${error instanceof Error ? error.message : String(error)}`, cause: error },
  'The connection broke, or the answer took too long.',
)

const unavailable = (service: RestService, details: { message: string, cause: unknown }, why: string) => new ProviderError({
  ...details,
  code: 'PROVIDER_UNAVAILABLE',
  why,
  fix: `Nothing at first: it is tried again. If it stays, look at ${service.status} and at ${service.apiUrlVariable}, then try again.`,
  retryable: true,
})
