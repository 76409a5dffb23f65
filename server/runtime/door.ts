import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { randomBytes, timingSafeEqual } from 'node:crypto'

const PATH = '/.well-known/workflow/'
const HEADER = 'x-atelier-process'

const secret = randomBytes(32)

/**
 * Lets this process, and nobody else, through to the runtime's own routes: a secret made at
 * boot goes with every request that the process sends to them.
 * https://nodejs.org/api/diagnostics_channel.html#http
 */
export function signOwnRequests(port: number): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest }
    if (request.path.startsWith(PATH) && isOwn(request, port)) request.setHeader(HEADER, secret.toString('hex'))
  })
}

const isOwn = (request: ClientRequest, port: number) => {
  const [host, hostPort] = String(request.getHeader('host')).split(/:(?=\d+$)/)
  return ['localhost', '127.0.0.1', '[::1]'].includes(host!) && Number(hostPort) === port
}

/** Whether a request goes to the runtime without having been sent by this process. */
export function isForged(path: string, headers: Record<string, unknown>): boolean {
  if (!path.startsWith(PATH)) return false
  const given = Buffer.from(String(headers[HEADER] ?? ''), 'hex')
  return given.length !== secret.length || !timingSafeEqual(given, secret)
}
