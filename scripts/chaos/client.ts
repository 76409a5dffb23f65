import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '../../shared/schemas/problem.ts'

/** A client gives up on a server that is silent for so long, and asks the next one. */
const ANSWER_MS = 8_000
const PAUSE_MS = 250
const LONGEST_PAUSE_MS = 2_000

type Method = 'GET' | 'POST' | 'DELETE'

export interface Answer<T> { status: number, body: T }

/** `bearer` stands in for the key of the API. */
interface Details { body?: object, key?: string, bearer?: string }

/** What clients met on their way. */
export interface Traffic { requests: number, away: number, tooMany: number, internal: string[] }

/**
 * A client as those in front of several servers are: it asks one after the other until one
 * answers, sends the same again when an answer did not come, and waits as long as it is told to.
 */
export interface ChaosClient {
  /** Answers below 500 but 429; a `POST` of one `key` may be sent more than once. */
  call: <T>(method: Method, path: string, options?: Details) => Promise<Answer<T>>
  /** The answer to a `GET`. @throws when it is refused */
  get: <T>(path: string) => Promise<T>
  /** Looks again and again until it sees something. */
  until: <T>(look: () => Promise<T | undefined>) => Promise<T>
  traffic: Traffic
}

/** @param urls of all servers, of those that are down, too */
export function createClient(urls: string[], apiKey: string, signal: AbortSignal): ChaosClient {
  const traffic: Traffic = { requests: 0, away: 0, tooMany: 0, internal: [] }
  let turn = 0

  async function send(method: string, path: string, { body, key, bearer }: Details): Promise<Response | undefined> {
    traffic.requests++
    const url = urls[turn++ % urls.length]!
    try {
      return await fetch(url + path, {
        method,
        headers: { ...(bearer ? { authorization: `Bearer ${bearer}` } : { 'x-api-key': apiKey }), ...(body && { 'content-type': 'application/json' }), ...(key && { 'idempotency-key': key }) },
        body: body && JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      })
    }
    catch {
      signal.throwIfAborted()
      return undefined
    }
  }

  /** A server that does not answer at all costs nothing but the way to the next one. */
  async function sendAround(method: string, path: string, options: Details): Promise<Response | undefined> {
    for (const _ of urls) {
      const answer = await send(method, path, options)
      if (answer) return answer
    }
  }

  const client: ChaosClient = {
    traffic,
    async call<T>(method: Method, path: string, options: Details = {}) {
      for (let pause = PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
        const answer = await sendAround(method, path, options)
        const text = await answer?.text().catch(() => undefined)
        if (answer && text !== undefined) {
          if (answer.status < 500 && answer.status !== 429) return { status: answer.status, body: JSON.parse(text) as T }
          if (answer.status === 429) traffic.tooMany++
          if (answer.status === 500) traffic.internal.push(`${method} ${path}: ${text}`)
        }
        if (answer?.status !== 429) traffic.away++
        const asked = Number(answer?.headers.get('retry-after') ?? 0) * 1000
        await wait(Math.min(asked || pause, LONGEST_PAUSE_MS), undefined, { signal })
      }
    },
    async get<T>(path: string) {
      const { status, body } = await client.call<T | Problem>('GET', path)
      if (status === 200) return body as T
      throw new Error(`GET ${path}: ${status} ${(body as Problem).detail}`)
    },
    async until(look) {
      for (;;) {
        const seen = await look()
        if (seen !== undefined) return seen
        await wait(1_000, undefined, { signal })
      }
    },
  }
  return client
}
