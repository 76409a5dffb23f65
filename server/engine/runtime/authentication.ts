import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { randomBytes } from 'node:crypto'

const PATH = '/.well-known/workflow/'
const HEADER = 'x-atelier-process'

/** One-time tokens of requests that are in flight. */
const tokens = new Set<string>()

/**
 * Authenticates this process, and nobody else, on the runtime's own routes: every request that it
 * sends to them carries a one-time token. A captured token is worthless: it was used by its
 * request, or ends with it.
 * https://nodejs.org/api/diagnostics_channel.html#http
 */
export function authenticateOwnRequests(port: number): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest }
    if (!request.path.startsWith(PATH) || !isOwn(request, port)) return
    const token = randomBytes(32).toString('hex')
    tokens.add(token)
    request.once('close', () => tokens.delete(token))
    request.setHeader(HEADER, token)
  })
}

const isOwn = (request: ClientRequest, port: number) => {
  const [host, hostPort] = String(request.getHeader('host')).split(/:(?=\d+$)/)
  return ['localhost', '127.0.0.1', '[::1]'].includes(host!) && Number(hostPort) === port
}

/** Whether a request to the runtime was not sent by this process, or arrives a second time. */
export const isUnauthorized = (path: string, headers: Record<string, unknown>): boolean =>
  path.startsWith(PATH) && !tokens.delete(String(headers[HEADER]))
