import { getRequestHeader, type H3Event } from 'h3'
import { publicUrl, trustedProxies } from '../lib/env'
import { isHttps } from './forwarded'
import { problem } from './problem'
import { sessionToken } from './session'

/** Longer than any real origin. */
const MAX_SHOWN = 200

/**
 * Requires that a change by cookie comes from a page of Atelier itself. SameSite is not enough: it counts other ports and
 * subdomains of a host as the same site. A request with a key in its header needs no check: no other page can send one.
 * @throws 403
 */
export function requireOwnOrigin(event: H3Event): void {
  if (getRequestHeader(event, 'x-api-key') !== undefined) return
  const origin = getRequestHeader(event, 'origin')
  const site = getRequestHeader(event, 'sec-fetch-site')
  const own = ownOrigins(event)
  const isForeign = (origin !== undefined && !own.includes(origin)) || (site !== undefined && site !== 'same-origin')
  if (isForeign) throw problem('CROSS_ORIGIN', { from: (origin ?? 'another site').slice(0, MAX_SHOWN), own: own[0]! })
  if (origin === undefined && site === undefined && sessionToken(event)) throw problem('ORIGIN_MISSING')
}

/** The origins of Atelier's pages: the public address, and the one of this request. */
function ownOrigins(event: H3Event): string[] {
  const url = publicUrl()
  const host = getRequestHeader(event, 'host')
  if (url) return [new URL(url).origin, `${isHttps(event) ? 'https' : 'http'}://${host}`]
  // A proxy that nobody told of may speak https with the browser.
  const schemes = isHttps(event) ? ['https'] : trustedProxies() > 0 ? ['http'] : ['http', 'https']
  return schemes.map(scheme => `${scheme}://${host}`)
}
