import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { apiKeys, sessions } from '../../db/schema'
import { type FoundKey, isValidKey } from './access'

const t = sessions

/** A session ends when it is not used for so long. */
const IDLE = sql`interval '12 hours'`
const LONGEST = sql`interval '7 days'`
/** One write a minute is enough to know when a session was last used. */
const isSeenLongAgo = sql<boolean>`${t.lastSeenAt} < now() - interval '1 minute'`
const isAlive = and(gt(t.lastSeenAt, sql`now() - ${IDLE}`), gt(t.expiresAt, sql`now()`))

/** The live session with that hash, with its key; null for the owner's. Records that it was used. */
export async function findSession(hash: string): Promise<{ id: string, key: FoundKey | null } | undefined> {
  const [found] = await db()
    .select({ id: t.id, isSeenLongAgo, key: { id: apiKeys.id, name: apiKeys.name, role: apiKeys.role, isBound: apiKeys.isBound } })
    .from(t).leftJoin(apiKeys, eq(t.keyId, apiKeys.id))
    .where(and(eq(t.hash, hash), isAlive, or(isNull(t.keyId), isValidKey)))
  if (found?.isSeenLongAgo) await db().update(t).set({ lastSeenAt: sql`now()` }).where(eq(t.id, found.id))
  return found && { id: found.id, key: found.key }
}

interface NewSession { hash: string, keyId: string | null, browser: string }

/** Stores a session by its hash. @returns its id; undefined when its key was revoked or has expired */
export async function insertSession({ hash, keyId, browser }: NewSession): Promise<string | undefined> {
  const [inserted] = await db().execute<{ id: string }>(sql`
    insert into ${t} (hash, key_id, browser, expires_at)
    select ${hash}, ${keyId}::uuid, ${browser}, now() + ${LONGEST}
    where ${keyId}::uuid is null or exists (select 1 from ${apiKeys} where ${and(eq(apiKeys.id, sql`${keyId}::uuid`), isValidKey)})
    returning id`)
  return inserted?.id
}

/** Ends a session. */
export async function deleteSession(hash: string): Promise<void> {
  await db().delete(t).where(eq(t.hash, hash))
}

const ofKey = (keyId: string | null) => keyId === null ? isNull(t.keyId) : eq(t.keyId, keyId)

/** The live sessions of a key, null for the owner's, the last used first. */
export const listSessions = (keyId: string | null) => db()
  .select({
    id: t.id, browser: t.browser, hash: t.hash, createdAt: t.createdAt, lastSeenAt: t.lastSeenAt,
    expiresAt: sql`least(${t.expiresAt}, ${t.lastSeenAt} + ${IDLE})`.mapWith(t.expiresAt),
  })
  .from(t).where(and(ofKey(keyId), isAlive)).orderBy(desc(t.lastSeenAt), desc(t.createdAt))

/** Ends a session of a key, null for the owner's. False when there was none. */
export const deleteSessionOf = async (keyId: string | null, id: string): Promise<boolean> =>
  (await db().delete(t).where(and(eq(t.id, id), ofKey(keyId))).returning({ id: t.id })).length > 0
