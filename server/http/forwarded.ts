import { isIP, isIPv6 } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { getRequestHeader, type H3Event } from 'h3'
import { publicUrl, trustedProxies } from '../lib/env'

/** Whether people reach this server by https. A proxy is believed only where the deployment says that there is one. */
export function isHttps(event: H3Event): boolean {
  const url = publicUrl()
  if (url) return url.startsWith('https:')
  if ((event.node.req.socket as TLSSocket).encrypted) return true
  return trustedProxies() > 0 && getRequestHeader(event, 'x-forwarded-proto')?.split(',')[0]?.trim() === 'https'
}

/** The network that a request comes from: its address, or the first 64 bits of IPv6, as one household or machine has all the others. */
export const clientAddress = (event: H3Event): string => networkOf(seenAddress(event))

/** The whole address that a request comes from; `unknown` when a proxy says something else. */
export function sourceAddress(event: H3Event): string {
  const address = seenAddress(event)
  return isIP(address) ? address : 'unknown'
}

/** What the first trusted proxy saw, or the other end of the connection. */
function seenAddress(event: H3Event): string {
  const hops = getRequestHeader(event, 'x-forwarded-for')?.split(',').map(hop => hop.trim()) ?? []
  const seen = trustedProxies() > 0 ? hops[Math.max(hops.length - trustedProxies(), 0)] : undefined
  const address = seen || event.node.req.socket.remoteAddress || 'unknown'
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*/, '')
}

function networkOf(plain: string): string {
  if (!isIPv6(plain)) return plain
  // Canonical form first: an address has many spellings.
  const [head = '', tail = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const [left, right] = [head, tail].map(part => part.split(':').filter(Boolean)) as [string[], string[]]
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right].slice(0, 4).join(':')
}
