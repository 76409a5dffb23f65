import { getRequestHost, type H3Event } from 'h3'
import { publicUrl } from '../lib/env'
import { isHttps } from './forwarded'
import { problem } from './problem'

/**
 * The address at which people reach this server.
 * @throws 400 when it comes from the request and the Host header is not a host name
 */
export function baseUrl(event: H3Event): string {
  const url = publicUrl()
  if (url) return url
  const origin = `${isHttps(event) ? 'https' : 'http'}://${getRequestHost(event)}`
  if (!URL.canParse(origin)) throw problem('BAD_HOST')
  return new URL(origin).origin
}
