import { createHash, timingSafeEqual } from 'node:crypto'
import { getRequestHeader, type H3Event } from 'h3'
import { ownerApiKey } from '../lib/env'
import { clientAddress } from './forwarded'
import { findKey } from './queries/access'
import { findSession } from './queries/sessions'
import { problem } from './problem'
import { hashSession, sessionToken } from './session'
import { countWrongKey, secondsToWait } from './wrong-keys'
import type { Role } from '../../shared/schemas/session'

/** Who sends a request. `id` is stable: `owner`, or the id of a key. */
export interface Actor {
  id: string
  name: string
  role: Role
  /** Absent when it came with the key itself. */
  sessionId?: string
}

declare module 'h3' {
  interface H3EventContext {
    /** Whom the audit names, also when the request is refused. */
    actor?: Actor
    hasWrongKey?: true
  }
}

const ranks: Record<Role, number> = { viewer: 0, operator: 1, owner: 2 }
const OWNER: Actor = { id: 'owner', name: 'Owner', role: 'owner' }

/** Keys beside the owner's begin with it, so that any other key costs no query. */
export const KEY_PREFIX = 'atl_'

/** Whether the actor may change something, not only watch. */
export const mayOperate = ({ role }: Actor): boolean => ranks[role] >= ranks.operator

/** The id of the key that an actor uses; null for the owner's own key. */
export const keyIdOf = ({ id }: Pick<Actor, 'id'>): string | null => id === OWNER.id ? null : id

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * The actor of a request, by its key or its session.
 * @throws 401 when there is none, 403 when its role is too small, TooManyRequests after too many wrong keys
 */
export async function authorize(event: H3Event, least: Role): Promise<Actor> {
  const actor = await identify(event)
  if (!actor) throw problem(getRequestHeader(event, 'x-api-key') ? 'KEY_REFUSED' : 'NOT_SIGNED_IN')
  if (ranks[actor.role] < ranks[least]) throw problem('ROLE_TOO_SMALL', { needed: least, name: actor.name, role: actor.role })
  return actor
}

/** The actor of a request, by its key or its session; undefined without one. */
export async function identify(event: H3Event): Promise<Actor | undefined> {
  const key = getRequestHeader(event, 'x-api-key')
  const actor = key === undefined ? await actorOfSession(event) : key ? await actorOfKey(event, key) : undefined
  return event.context.actor = actor
}

/** The actor of the session of a request; undefined without one. */
export async function actorOfSession(event: H3Event): Promise<Actor | undefined> {
  const token = sessionToken(event)
  const session = token ? await findSession(hashSession(token)) : undefined
  return session && { ...session.key ?? OWNER, sessionId: session.id }
}

/**
 * The actor that a key belongs to; undefined for a wrong key, which is counted. While an address has to wait, the owner's
 * key is not compared. The others are 256 random bits that nobody guesses, so that nobody keeps their programs out.
 * @throws TooManyRequests when the address has to wait
 */
export async function actorOfKey(event: H3Event, key: string): Promise<Actor | undefined> {
  const address = clientAddress(event)
  if (!secondsToWait(address) && isOwnerKey(key)) return OWNER
  const found = key.startsWith(KEY_PREFIX) ? await findKey(sha256(key)) : undefined
  if (!found) {
    event.context.hasWrongKey = true
    countWrongKey(address)
  }
  return found
}

/** Compared by digests of one length, in constant time. */
function isOwnerKey(key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(key), digest(ownerApiKey()))
}
