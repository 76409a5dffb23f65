import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto'
import { getRequestHeader, useSession, type H3Event } from 'h3'
import { ownerApiKey, publicUrl } from '../lib/env'
import { findKey, isKeyValid } from './queries/access'
import { problem } from './problem'
import type { Role } from '../../shared/schemas/session'

/** Who sends a request. `id` is stable: `owner`, or the id of a key. */
export interface Actor { id: string, name: string, role: Role }

const ranks: Record<Role, number> = { viewer: 0, operator: 1, owner: 2 }
const WEEK_SECONDS = 7 * 24 * 3600
const OWNER: Actor = { id: 'owner', name: 'Owner', role: 'owner' }

/** Whether the actor may change something, not only watch. */
export const mayOperate = ({ role }: Actor): boolean => ranks[role] >= ranks.operator

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * The actor of a request, by its key or its session.
 * @throws 401 when there is none, 403 when its role is too small
 */
export async function authorize(event: H3Event, least: Role): Promise<Actor> {
  const actor = await identify(event)
  if (!actor) throw problem(getRequestHeader(event, 'x-api-key') ? 'KEY_REFUSED' : 'NOT_SIGNED_IN')
  if (ranks[actor.role] < ranks[least]) throw problem('ROLE_TOO_SMALL', { needed: least, name: actor.name, role: actor.role })
  return actor
}

async function identify(event: H3Event): Promise<Actor | undefined> {
  const key = getRequestHeader(event, 'x-api-key')
  if (key !== undefined) return actorOfKey(key)
  const { data } = await session(event)
  if (!data.actor) return undefined
  return data.actor.id === OWNER.id || await isKeyValid(data.actor.id) ? data.actor : undefined
}

/** The actor that a key belongs to. Compared by digests of one length, in constant time. */
export async function actorOfKey(key: string): Promise<Actor | undefined> {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (timingSafeEqual(digest(key), digest(ownerApiKey()))) return OWNER
  return findKey(sha256(key))
}

/** The browser's session: a sealed cookie. Its secret comes from the owner's key, so a new key ends all sessions. */
export const session = (event: H3Event) => useSession<{ actor?: Actor }>(event, {
  name: 'atelier',
  password: Buffer.from(hkdfSync('sha256', ownerApiKey(), '', 'atelier session', 32)).toString('hex'),
  maxAge: WEEK_SECONDS,
  sessionHeader: false,
  cookie: { httpOnly: true, sameSite: 'lax', path: '/', secure: publicUrl()?.startsWith('https:') ?? false },
})
