import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { apiKeys, signInCodes } from '../../db/schema'
import type { ApiKey, Role } from '../../../shared/schemas/session'

const t = apiKeys
/** Whether a key has not expired. */
export const isValidKey = or(isNull(t.expiresAt), gt(t.expiresAt, sql`now()`))

/** The valid key with that hash; records that it was used. */
export async function findKey(hash: string): Promise<{ id: string, name: string, role: Role } | undefined> {
  const [key] = await db().update(t).set({ lastUsedAt: sql`now()` })
    .where(and(eq(t.hash, hash), isValidKey))
    .returning({ id: t.id, name: t.name, role: t.role })
  return key
}

/** Stores a key by its hash. */
export async function insertKey(key: { name: string, role: Role, hash: string, expiresAt?: Date }): Promise<ApiKey> {
  const [row] = await db().insert(t).values(key).returning()
  return toKey(row!)
}

/** All keys beside the owner's, newest first. */
export const listKeys = async (): Promise<ApiKey[]> => (await db().select().from(t).orderBy(desc(t.createdAt))).map(toKey)

/** Removes a key. False when there was none. */
export const deleteKey = async (id: string): Promise<boolean> =>
  (await db().delete(t).where(eq(t.id, id)).returning({ id: t.id })).length > 0

/** Stores a one-time code by its hash, for ten minutes, and deletes those that expired a day ago. @returns when it expires */
export async function insertSignInCode(code: { hash: string, actor: string, name: string, role: Role }): Promise<Date> {
  await db().delete(signInCodes).where(sql`${signInCodes.expiresAt} < now() - interval '1 day'`)
  const [row] = await db().insert(signInCodes).values({ ...code, expiresAt: sql`now() + interval '10 minutes'` })
    .returning({ expiresAt: signInCodes.expiresAt })
  return row!.expiresAt
}

/** Uses a one-time code. @returns whom it signs in; undefined when it was used or has expired */
export async function useSignInCode(hash: string): Promise<{ id: string, name: string, role: Role } | undefined> {
  const [code] = await db().update(signInCodes).set({ usedAt: sql`now()` })
    .where(and(eq(signInCodes.hash, hash), isNull(signInCodes.usedAt), gt(signInCodes.expiresAt, sql`now()`)))
    .returning({ id: signInCodes.actor, name: signInCodes.name, role: signInCodes.role })
  return code
}

const toKey = ({ id, name, role, expiresAt, lastUsedAt, createdAt }: typeof t.$inferSelect): ApiKey => ({
  id, name, role,
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
})
