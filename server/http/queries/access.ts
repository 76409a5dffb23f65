import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { apiKeys, signInCodes } from '../../db/schema'
import type { Role } from '../../../shared/schemas/session'

const t = apiKeys

/** What a request needs to know of its key. */
export interface FoundKey { id: string, name: string, role: Role, isBound: boolean }

/** Whether a key has not expired. */
export const isValidKey = or(isNull(t.expiresAt), gt(t.expiresAt, sql`now()`))

/** The valid key with that hash; records that it was used. */
export async function findKey(hash: string): Promise<FoundKey | undefined> {
  const [key] = await db().update(t).set({ lastUsedAt: sql`now()` })
    .where(and(eq(t.hash, hash), isValidKey))
    .returning({ id: t.id, name: t.name, role: t.role, isBound: t.isBound })
  return key
}

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
