import type { VercelKV } from '@vercel/kv'
import { kvConfig } from '../env'
import { callRest, type RestService } from '../rest'
import { costOf } from './limits'

const KV: RestService = {
  id: 'KV',
  name: 'KV',
  messages: { credential: 'KV_TOKEN_REFUSED', forbidden: 'KV_FORBIDDEN', missing: 'KV_NOT_FOUND' },
  statusPage: 'https://status.upstash.com',
  apiUrlVariable: 'KV_REST_API_URL',
}

/**
 * The client, whose requests go through `callRest` like those of every service: its own transport would repeat a failed
 * one by itself, lose what the answer said about waiting, and put the values of the command into the error.
 * Loaded at the first use, as most servers never need it.
 */
export async function kvClient(): Promise<VercelKV> {
  const { VercelKV } = await import('@vercel/kv')
  return new VercelKV({ request: <T>({ path = [], body }: { path?: string[], body?: unknown }) => send<T>(path, body) })
}

function send<T>(path: string[], body: unknown): Promise<{ result?: T, error?: string }> {
  const { token, apiUrl } = kvConfig()
  const [command, key] = Array.isArray(body) ? body.map(String) : []
  const action = `KV_${command?.toUpperCase()}`
  return callRest(KV, {
    action,
    method: 'POST',
    apiUrl,
    path: `/${path.join('/')}`,
    target: [command?.toUpperCase(), kindOf(key)].filter(Boolean).join(' '),
    headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    cost: costOf(action),
  })
}

/** The part of a key that says what it is, `session` of `session:4f1c…`: the rest may be known to one person alone. */
const kindOf = (key: string | undefined) => key?.split(':')[0]
