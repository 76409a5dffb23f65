import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { randomBytes } from 'node:crypto'

const PATH = '/.well-known/workflow/'
const HEADER = 'x-atelier-process'

/** Passes of requests that are on their way. */
const onTheWay = new Set<string>()

/**
 * Lets this process, and nobody else, through to the runtime's own routes: every request that it
 * sends to them carries a pass of its own, made at that moment and good for that request alone.
 * Who captures one holds nothing: it was taken at the door, or ends with its request.
 * https://nodejs.org/api/diagnostics_channel.html#http
 */
export function authenticateOwnRequests(port: number): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest }
    if (!request.path.startsWith(PATH) || !isOwn(request, port)) return
    const pass = randomBytes(32).toString('hex')
    onTheWay.add(pass)
    request.once('close', () => onTheWay.delete(pass))
    request.setHeader(HEADER, pass)
  })
}

const isOwn = (request: ClientRequest, port: number) => {
  const [host, hostPort] = String(request.getHeader('host')).split(/:(?=\d+$)/)
  return ['localhost', '127.0.0.1', '[::1]'].includes(host!) && Number(hostPort) === port
}

/** Whether a request goes to the runtime without having been sent by this process, or a second time. */
export const isUnauthorized = (path: string, headers: Record<string, unknown>): boolean =>
  path.startsWith(PATH) && !onTheWay.delete(String(headers[HEADER]))
