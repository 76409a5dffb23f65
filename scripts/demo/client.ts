import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '../../shared/schemas/problem.ts'
import { LaunchError } from '../lib/errors.ts'

const PATIENCE_MS = 60_000
const PAUSE_MS = 200

/** The API as the demo uses it. Calls outlive a server that is killed: they are made again until it is back. */
export interface Client {
  get: <T>(path: string) => Promise<T>
  /** The same key and body give the same thing, however often it is sent. */
  post: <T>(path: string, body: object, idempotencyKey: string) => Promise<T>
  /** What is found, or else made by a call that takes no key: whenever its answer was lost, it is looked for again. */
  findOrMake: <T>(find: () => Promise<T | undefined>, path: string, body: object) => Promise<T>
  /** One connection to a stream of server-sent events; throws when it cannot be had. */
  stream: (path: string) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
}

const isAway = (status: number) => status === 502 || status === 503

/** @param base origin of the server, `http://localhost:3000` */
export function createClient(base: string, apiKey: string): Client {
  /** Makes a call once. @returns undefined when the server is away: it may have done what was asked, or not */
  async function callOnce<T>(path: string, init: RequestInit): Promise<{ body: T } | undefined> {
    const answer = await fetch(base + path, { ...init, headers: { ...init.headers, 'x-api-key': apiKey } }).catch(() => undefined)
    if (!answer || isAway(answer.status)) return undefined
    // A server that is killed while it answers has answered nothing.
    const body = await answer.json().catch(() => undefined) as T | undefined
    if (body === undefined) return undefined
    if (answer.ok) return { body }
    const { detail, fix } = body as Problem
    throw new LaunchError(`${init.method} ${path}: ${detail} ${fix}`)
  }

  /** Asks until there is an answer. */
  async function patiently<T>(what: string, ask: () => Promise<{ body: T } | undefined>): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await wait(PAUSE_MS)) {
      const answer = await ask()
      if (answer) return answer.body
      if (Date.now() > deadline) throw new LaunchError(`The server did not answer ${what} for a minute.`)
    }
  }

  const call = <T>(path: string, init: RequestInit) => patiently(`${init.method} ${path}`, () => callOnce<T>(path, init))
  const post = (body: object, headers: Record<string, string> = {}): RequestInit =>
    ({ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })

  return {
    get: path => call(path, { method: 'GET' }),
    post: (path, body, idempotencyKey) => call(path, post(body, { 'idempotency-key': idempotencyKey })),
    findOrMake: <T>(find: () => Promise<T | undefined>, path: string, body: object) => patiently(`POST ${path}`, async () => {
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
