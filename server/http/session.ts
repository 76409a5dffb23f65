import { createHmac, randomBytes } from 'node:crypto'
import { deleteCookie, getCookie, getRequestHeader, setCookie, type H3Event } from 'h3'
import { ownerApiKey } from '../lib/env'
import { browserName } from './browser-name'
import { isHttps } from './forwarded'
import { deleteSession, insertSession } from './queries/sessions'

const WEEK_SECONDS = 7 * 24 * 3600

/** Browsers refuse the prefix without https. With it, no other host and no other port can set the cookie. */
const cookieName = (event: H3Event) => isHttps(event) ? '__Host-atelier-session' : 'atelier-session'

const cookieOptions = (event: H3Event) => ({ httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps(event) } as const)

/** The random id of the session in the cookie of a request. */
export const sessionToken = (event: H3Event): string | undefined => getCookie(event, cookieName(event))

/** What the database keeps of a session's random id. The owner's key is part of it, so that a new one ends all sessions. */
export const hashSession = (token: string): string => createHmac('sha256', ownerApiKey()).update(token).digest('hex')

/**
 * Signs a browser in, and ends the session that it had.
 * @param keyId the key that it belongs to; null for the owner's
 * @returns the id of the session; undefined when the key is not valid any more
 */
export async function startSession(event: H3Event, keyId: string | null): Promise<string | undefined> {
  const token = randomBytes(32).toString('base64url')
  const browser = browserName(getRequestHeader(event, 'user-agent'))
  const id = await insertSession({ hash: hashSession(token), keyId, browser })
  if (!id) return undefined
  const previous = sessionToken(event)
  if (previous) await deleteSession(hashSession(previous))
  setCookie(event, cookieName(event), token, { ...cookieOptions(event), maxAge: WEEK_SECONDS })
  return id
}

/** Signs a browser out. Without a session it does nothing. */
export async function endSession(event: H3Event): Promise<void> {
  const token = sessionToken(event)
  if (!token) return
  await deleteSession(hashSession(token))
  deleteCookie(event, cookieName(event), cookieOptions(event))
}
