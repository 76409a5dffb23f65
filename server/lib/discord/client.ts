import { parseResponse, REST, RESTEvents, type RequestMethod, type ResponseLike } from '@discordjs/rest'
import { CALL_TIMEOUT_MS, instrumented } from '../instrumentation'
import { discordConfig } from '../env'
import { rateLimited } from '../rate-limits/rate-limited'
import { toProviderError } from './errors'
import { costOf, feedbackOf } from './limits'

type Method = `${RequestMethod}`
interface Options {
  body?: unknown
  query?: Record<string, string>
  /** Whose callers share the answer. */
  sharedBy?: string
}

/**
 * One call to Discord, rate limited and instrumented.
 * It fails fast: a rate limit is thrown with the time to wait, for the step's own retry.
 *
 * Each call gets its own client, because a client sends the calls of a route one
 * after the other: thirty roles would take thirty times as long.
 */
export async function discord<T>(action: string, method: Method, path: `/${string}`, options: Options = {}): Promise<T> {
  const { token, apiUrl } = discordConfig()
  const rest = new REST({
    version: '10',
    api: apiUrl,
    retries: 0,
    timeout: CALL_TIMEOUT_MS,
    rejectOnRateLimit: () => true,
    hashSweepInterval: 0,
    handlerSweepInterval: 0,
  }).setToken(token)
  const target = `${method} ${path}`
  let answer: ResponseLike | undefined
  rest.once(RESTEvents.Response, (_, response) => answer = response)
  const feedback = () => feedbackOf(answer && { status: answer.status, header: name => answer!.headers.get(name) })
  const { body } = await rateLimited({ ...costOf(action, method, path), sharedBy: options.sharedBy }, feedback, () => instrumented(
    { service: 'DISCORD', action, target },
    outcome => statusOf(outcome instanceof Error ? outcome.cause : outcome),
    signal => rest.queueRequest({
      signal,
      method: method as RequestMethod,
      fullRoute: path,
      body: options.body,
      query: options.query ? new URLSearchParams(options.query) : undefined,
    }).then(async response => ({ status: response.status, body: await parseResponse(response) as T }))
      .catch((error: unknown) => { throw toProviderError(error, target) }),
  ))
  return body
}

const statusOf = (error: unknown): number | null => {
  const status = (error as { status?: unknown } | undefined)?.status
  if (typeof status === 'number') return status
  return error instanceof Error && error.name.startsWith('RateLimitError') ? 429 : null
}
