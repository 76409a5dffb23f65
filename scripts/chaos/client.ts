import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '../../shared/schemas/problem.ts'

/** After this time without a response the client tries the next server. */
const REQUEST_TIMEOUT_MS = 8_000
const BACKOFF_MS = 250
const MAX_BACKOFF_MS = 2_000
const POLL_INTERVAL_MS = 1_000

type Method = 'GET' | 'POST' | 'DELETE'

export interface Answer<T> { status: number, body: T }

/** `key`: the `Idempotency-Key`. `bearer`: a bearer token instead of the API key. */
interface RequestOptions { body?: object, key?: string, bearer?: string }

/** Counters of all requests. `unavailable`: answered 5xx or not at all, and retried. */
export interface Traffic { requests: number, unavailable: number, tooMany: number, internal: string[] }

/**
 * A client of several servers, like those behind a load balancer. It tries one server after the other, retries
 * requests without a response, and respects `Retry-After`.
 */
export interface ChaosClient {
  /** Retries 429 and 5xx. A `POST` with a `key` may be sent more than once. @returns any other response */
  call: <T>(method: Method, path: string, options?: RequestOptions) => Promise<Answer<T>>
  /** @returns the body of a `GET` @throws unless the status is 200 */
  get: <T>(path: string) => Promise<T>
  /** Polls until `check` returns a value. */
  poll: <T>(check: () => Promise<T | undefined>) => Promise<T>
  traffic: Traffic
}

/** @param urls of all servers, including those that are down */
export function createClient(urls: string[], apiKey: string, signal: AbortSignal): ChaosClient {
  const traffic: Traffic = { requests: 0, unavailable: 0, tooMany: 0, internal: [] }
  let next = 0

  async function send(method: string, path: string, { body, key, bearer }: RequestOptions): Promise<Response | undefined> {
    traffic.requests++
    const url = urls[next++ % urls.length]!
    const headers = {
      ...bearer ? { authorization: `Bearer ${bearer}` } : { 'x-api-key': apiKey },
      ...body && { 'content-type': 'application/json' },
      ...key && { 'idempotency-key': key },
    }
    try {
      return await fetch(url + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      })
    }
    catch {
      signal.throwIfAborted()
      return undefined
    }
  }

  /** Tries each server once, without backoff. */
  async function sendToAny(method: string, path: string, options: RequestOptions): Promise<Response | undefined> {
    for (const _ of urls) {
      const answer = await send(method, path, options)
      if (answer) return answer
    }
  }

  const client: ChaosClient = {
    traffic,
    async call<T>(method: Method, path: string, options: RequestOptions = {}) {
      for (let backoff = BACKOFF_MS; ; backoff = Math.min(backoff * 1.5, MAX_BACKOFF_MS)) {
        const answer = await sendToAny(method, path, options)
        const text = await answer?.text().catch(() => undefined)
        if (answer && text !== undefined) {
          if (answer.status < 500 && answer.status !== 429) return { status: answer.status, body: JSON.parse(text) as T }
          if (answer.status === 429) traffic.tooMany++
          if (answer.status === 500) traffic.internal.push(`${method} ${path}: ${text}`)
        }
        if (answer?.status !== 429) traffic.unavailable++
        const retryAfterMs = Number(answer?.headers.get('retry-after') ?? 0) * 1000
        await wait(Math.min(retryAfterMs || backoff, MAX_BACKOFF_MS), undefined, { signal })
      }
    },
    async get<T>(path: string) {
      const { status, body } = await client.call<T | Problem>('GET', path)
      if (status === 200) return body as T
      throw new Error(`GET ${path}: ${status} ${(body as Problem).detail}`)
    },
    async poll(check) {
      for (;;) {
        const value = await check()
        if (value !== undefined) return value
        await wait(POLL_INTERVAL_MS, undefined, { signal })
      }
    },
  }
  return client
}
