import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '../../shared/schemas/problem.ts'
import { LaunchError } from '../lib/errors.ts'

const RETRY_TIMEOUT_MS = 60_000
const BACKOFF_MS = 200

/** A client of the API. It retries calls while the server restarts. */
export interface Client {
  get: <T>(path: string) => Promise<T>
  /** Idempotent: retries with the same key and body return the same resource. */
  post: <T>(path: string, body: object, idempotencyKey: string) => Promise<T>
  /** For calls without an idempotency key: finds a resource, or creates it. It searches again after a lost response. */
  findOrCreate: <T>(find: () => Promise<T | undefined>, path: string, body: object) => Promise<T>
  /** One connection to a stream of server-sent events. @throws if the connection fails */
  stream: (path: string) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
}

const isUnavailable = (status: number) => status === 502 || status === 503

/** @param base origin of the server, such as `http://localhost:3000` */
export function createClient(base: string, apiKey: string): Client {
  /** Sends a request once. @returns undefined if the server is unavailable; it may or may not have done the work */
  async function callOnce<T>(path: string, init: RequestInit): Promise<{ body: T } | undefined> {
    const answer = await fetch(base + path, { ...init, headers: { ...init.headers, 'x-api-key': apiKey } }).catch(() => undefined)
    if (!answer || isUnavailable(answer.status)) return undefined
    // A server that dies while it answers sends an incomplete body.
    const body = await answer.json().catch(() => undefined) as T | undefined
    if (body === undefined) return undefined
    if (answer.ok) return { body }
    const { detail, fix } = body as Problem
    throw new LaunchError(`${init.method} ${path}: ${detail} ${fix}`)
  }

  /** Retries until the server answers. */
  async function retry<T>(what: string, send: () => Promise<{ body: T } | undefined>): Promise<T> {
    for (const deadline = Date.now() + RETRY_TIMEOUT_MS; ; await wait(BACKOFF_MS)) {
      const answer = await send()
      if (answer) return answer.body
      if (Date.now() < deadline) continue
      throw new LaunchError(`The server did not answer ${what} for a minute. Read its log, and start the demo again.`)
    }
  }

  const call = <T>(path: string, init: RequestInit) => retry(`${init.method} ${path}`, () => callOnce<T>(path, init))
  const post = (body: object, headers: Record<string, string> = {}): RequestInit =>
    ({ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })

  return {
    get: path => call(path, { method: 'GET' }),
    post: (path, body, idempotencyKey) => call(path, post(body, { 'idempotency-key': idempotencyKey })),
    findOrCreate: <T>(find: () => Promise<T | undefined>, path: string, body: object) =>
      retry(`POST ${path}`, async () => {
        const found = await find()
        return found === undefined ? callOnce<T>(path, post(body)) : { body: found }
      }),
    async stream(path) {
      const answer = await fetch(base + path, { headers: { 'x-api-key': apiKey, 'accept': 'text/event-stream' } })
      if (!answer.ok || !answer.body) throw new Error(`${path} answered ${answer.status}`)
      return answer.body
    },
  }
}
