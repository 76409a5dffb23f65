import { instrumented, type OutsideCall } from './instrumentation'
import { ProviderError, providerError } from './errors'
import type { Details, ProviderMessageId } from './messages'
import type { RateLimitCost } from './rate-limits/cost'
import type { RateLimitFeedback } from './rate-limits/feedback'
import { rateLimited } from './rate-limits/rate-limited'
import { redact } from './redact'

const MINUTE = 60_000
/** The Hub redirects from the old name of a renamed repository. */
const MAX_REDIRECTS = 3

/** A service without a client library, with what its errors need. */
export interface RestService {
  id: OutsideCall['service']
  name: string
  /** Its own messages for an answer that refuses the credential, forbids the call, or finds nothing. */
  messages: Record<'credential' | 'forbidden' | 'missing', RefusalId>
  /** Its status page, and the variable of its address. */
  statusPage: string
  apiUrlVariable: string
  /** Its message for what it had and has no more, 410. */
  gone?: RefusalId
  /** Whether an answer refuses the credential itself; 401 always does. */
  refusesCredential?: (answer: Answer) => boolean
}

type Refusal = Record<'target' | 'said', string>
/** Messages that need only the call and the text of the service. */
type RefusalId = { [Id in ProviderMessageId]: Refusal extends Details<Id> ? Id : never }[ProviderMessageId]

/** An answer of a service, whole. */
export interface Answer { status: number, header: (name: string) => string | null, text: string }

export interface RestCall {
  action: string
  method: 'GET' | 'POST' | 'DELETE'
  /** Base and path; method and path are audited, unless there is a `target`. */
  apiUrl: string
  path: string
  target?: string
  headers: Record<string, string>
  body?: string
  cost: RateLimitCost
}

/** A call whose answer may be a stream. */
interface StreamedCall extends Omit<RestCall, 'method' | 'headers' | 'body'> {
  /** As a client library asks for it. */
  init: RequestInit
  /** Statuses of refusals that the library wants to see itself. */
  passes?: readonly number[]
}

/**
 * One call, rate limited and instrumented. It fails fast: the step's own retry waits.
 * @returns the body of the answer, parsed when it is JSON
 * @throws ProviderError for every answer but success, and when there is none
 */
export async function callRest<T>(service: RestService, call: RestCall): Promise<T> {
  const { action, method, apiUrl, path, target = `${method} ${path}`, headers, body, cost } = call
  const send = async (signal: AbortSignal) => {
    const answer = await request(apiUrl + path, { method, headers, body, signal })
      .catch((error: unknown) => Promise.reject(unanswered(service, target, error)))
    if (answer.status >= 300) throw refused(service, target, answer)
    return answer
  }
  const { text, header } = await rateLimited(cost, feedbackOf, () =>
    instrumented({ service: service.id, action, target }, outcome => answerOf(outcome)?.status ?? null, send))
  return (header('content-type')?.includes('json') ? JSON.parse(text) : text) as T
}

/**
 * One call of a client library, rate limited and instrumented as its own ones are not. A stream may last longer than a call:
 * the time of a call ends with the head of the answer, and its signal does not end what comes after.
 * @throws ProviderError for every answer but success, and when there is none
 */
export async function streamRest(service: RestService, call: StreamedCall): Promise<Response> {
  const { action, apiUrl, path, target = `${call.init.method} ${path}`, init, cost, passes = [] } = call
  const send = async (deadline: AbortSignal) => {
    const response = await headOf(apiUrl + path, init, deadline)
      .catch((error: unknown) => Promise.reject(unanswered(service, target, error)))
    const header = (name: string) => response.headers.get(name)
    const isStream = response.status < 300 && !/^application\/json\b/.test(header('content-type') ?? '')
    const text = isStream ? '' : await response.text()
    const { status } = response
    if (status >= 300 && !passes.includes(status)) throw refused(service, target, { status, header, text })
    return { status, header, text, response: isStream ? response : new Response(text, response) }
  }
  const { response } = await rateLimited(cost, feedbackOf, () =>
    instrumented({ service: service.id, action, target }, outcome => answerOf(outcome)?.status ?? null, send))
  return response
}

async function headOf(url: string, init: RequestInit, deadline: AbortSignal): Promise<Response> {
  const end = new AbortController()
  const abort = () => end.abort(deadline.reason)
  deadline.addEventListener('abort', abort, { once: true })
  try {
    const signals = [end.signal, init.signal].filter(signal => signal instanceof AbortSignal)
    return await fetch(url, { ...init, signal: AbortSignal.any(signals), redirect: 'manual' })
  }
  finally {
    deadline.removeEventListener('abort', abort)
  }
}

/** Follows redirects within the service's own origin only: another host would get the credential, too. */
async function request(url: string, init: RequestInit, redirects = MAX_REDIRECTS): Promise<Answer> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  const text = await response.text()
  const location = response.headers.get('location')
  const to = isRedirect(response) && location ? new URL(location, url) : undefined
  if (to && redirects > 0 && to.origin === new URL(url).origin) return request(to.href, init, redirects - 1)
  return { status: response.status, header: name => response.headers.get(name), text }
}

const isRedirect = ({ status }: { status: number }) => status >= 300 && status < 400

/** The answer in an outcome, or behind an error. */
export function answerOf(outcome: unknown): Answer | undefined {
  const source = outcome instanceof ProviderError ? outcome.cause : outcome
  return source && typeof source === 'object' && 'status' in source ? source as Answer : undefined
}

/**
 * What an answer says about the rate limit: how long to wait, and what remains of the window.
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

/** Enough of a page to recognise it. Cut after redaction: nothing recognises half a secret. */
const beginningOf = (text: string) => redact(text).slice(0, 200)

/** The error text of a service: from a header, or from a field of the body. */
function saidIn({ text, header }: Answer): string {
  const said = header('x-error-message')
  if (said) return said
  try {
    const { error, err, message } = JSON.parse(text) as Record<string, unknown>
    return [error, err, message].find(said => typeof said === 'string') ?? beginningOf(text)
  }
  catch {
    return beginningOf(text)
  }
}

function refused(rest: RestService, target: string, answer: Answer): ProviderError {
  const { name: service, messages, statusPage, apiUrlVariable: variable, refusesCredential, gone } = rest
  const { status } = answer
  const call = { service, target, said: saidIn(answer) }
  const cause = answer
  if (status === 401 || refusesCredential?.(answer)) return providerError(messages.credential, call, { cause })
  if (isRedirect(answer)) {
    const location = answer.header('location') ?? 'nowhere'
    return providerError('REDIRECTED', { service, target, location, variable }, { cause })
  }
  switch (status) {
    case 403: return providerError(messages.forbidden, call, { cause })
    case 404: return providerError(messages.missing, call, { cause })
    case 410: return providerError(gone ?? messages.missing, call, { cause })
    case 409: return providerError('NAME_EXISTS', call, { cause })
    case 412: return providerError('CHANGED_MEANWHILE', { ...call, statusPage, variable }, { cause })
    case 429: return providerError('SERVICE_RATE_LIMITED', call, { cause, retryAfter: waitOf(answer) })
    default: return status >= 500 || status === 408
      ? providerError('SERVICE_DOWN', { ...call, status, statusPage, variable }, { cause })
      : providerError('CALL_REJECTED', { ...call, status }, { cause })
  }
}

function unanswered({ name: service, statusPage, apiUrlVariable: variable }: RestService, target: string, cause: unknown): ProviderError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return providerError('SERVICE_UNREACHABLE', { service, target, said, statusPage, variable }, { cause })
}
