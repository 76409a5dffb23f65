import { createHash, timingSafeEqual } from 'node:crypto'
import { getRequestHeader, type H3Event } from 'h3'
import { EVERYTHING, type Scope } from '../db/scope'
import { ownerApiKey } from '../lib/env'
import { clientAddress } from './forwarded'
import { findKey, type FoundKey, useSignInCode } from './queries/access'
import { findScope, scopeOf } from './queries/bindings'
import { findSession } from './queries/sessions'
import { problem } from './problem'
import { hashSession, sessionToken } from './session'
import { countWrongKey, secondsToWait } from './wrong-keys'
import type { Role, Session } from '../../shared/schemas/session'

/** Who sends a request, and what it may see and change. `id` is stable: `owner`, or the id of a key. */
export interface Actor {
  id: string
  name: string
  role: Role
  scope: Scope
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
const OWNER: Actor = { id: 'owner', name: 'Owner', role: 'owner', scope: EVERYTHING }

/** Keys beside the owner's begin with it, so that any other key costs no query. */
export const KEY_PREFIX = 'atl_'

/** Whether the actor may change something, not only watch. */
export const mayOperate = ({ role }: Actor): boolean => ranks[role] >= ranks.operator

/** The id of the key that an actor uses; null for the owner's own key. */
export const keyIdOf = ({ id }: Pick<Actor, 'id'>): string | null => id === OWNER.id ? null : id

/** An actor as a page is told who is signed in. */
export const toSession = ({ name, role, scope }: Pick<Actor, 'name' | 'role' | 'scope'>): Session =>
  ({ name, role, isBound: scope !== EVERYTHING })

/** The scope that an actor has now, for work that outlasts its request; undefined when its key was revoked or has expired. */
export const currentScope = async ({ id }: Pick<Actor, 'id'>): Promise<Scope | undefined> =>
  id === OWNER.id ? EVERYTHING : findScope(id)

/**
 * Requires that an actor may reach beyond the courses and projects of a binding.
 * @throws 403 BOUND_KEY
 */
export function requireUnbound({ name, scope }: Pick<Actor, 'name' | 'scope'>): void {
  if (scope !== EVERYTHING) throw problem('BOUND_KEY', { name })
}

const toActor = (key: FoundKey): Actor => ({ id: key.id, name: key.name, role: key.role, scope: scopeOf(key) })

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
  return session && { ...session.key ? toActor(session.key) : OWNER, sessionId: session.id }
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
  return found && toActor(found)
}

/** The actor that a one-time code signs in, an owner; undefined when it was used or has expired. */
export async function actorOfCode(code: string): Promise<Actor | undefined> {
  const found = await useSignInCode(sha256(code))
  return found && { ...found, scope: EVERYTHING }
}

/** Compared by digests of one length, in constant time. */
function isOwnerKey(key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(key), digest(ownerApiKey()))
}
