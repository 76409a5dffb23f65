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
  /** One connection to a stream of server-sent events; throws when it cannot be had. */
  stream: (path: string) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
}

const isAway = (status: number) => status === 502 || status === 503

/** @param base origin of the server, `http://localhost:3000` */
export function createClient(base: string, apiKey: string): Client {
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const request = { ...init, headers: { ...init.headers, 'x-api-key': apiKey } }
    for (const deadline = Date.now() + PATIENCE_MS; ; await wait(PAUSE_MS)) {
      const answer = await fetch(base + path, request).catch(() => undefined)
      if (answer?.ok) return await answer.json() as T
      if (answer && !isAway(answer.status)) {
        const { detail, fix } = await answer.json() as Problem
        throw new LaunchError(`${init.method} ${path}: ${detail} ${fix}`)
      }
      if (Date.now() > deadline) throw new LaunchError(`The server did not answer ${init.method} ${path} for a minute.`)
    }
  }

  return {
    get: path => call(path, { method: 'GET' }),
    post: (path, body, idempotencyKey) => call(path, {
      method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    }),
    async stream(path) {
      const answer = await fetch(base + path, { headers: { 'x-api-key': apiKey, 'accept': 'text/event-stream' } })
      if (!answer.ok || !answer.body) throw new Error(`${path} answered ${answer.status}`)
      return answer.body
    },
  }
}
