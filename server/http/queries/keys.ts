import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { db } from '../../db/client'
import { apiKeys } from '../../db/schema'
import type { ApiKey, BoundTo, KeyBinding, Role } from '../../../shared/schemas/session'
import { problem } from '../problem'
import { listBindings, writeBinding } from './bindings'

const t = apiKeys
type Binding = z.output<typeof KeyBinding>

interface NewKey { name: string, role: Role, hash: string, expiresAt?: Date, binding: Binding | null }

/**
 * Stores a key by its hash, with its binding.
 * @throws 422 when an owner's key would be bound, or bound to what does not exist
 */
export const insertKey = ({ binding, ...key }: NewKey): Promise<ApiKey> => db().transaction(async (tx) => {
  if (binding && key.role === 'owner') throw problem('OWNER_BOUND')
  const [row] = await tx.insert(t).values({ ...key, isBound: binding !== null }).returning()
  await writeBinding(tx, row!.id, binding)
  return toKey(row!, await listBindings([row!.id], tx))
})

/**
 * Changes what a key is bound to; null: nothing, so that it sees everything. Its requests, sessions and streams have the
 * new binding at once.
 * @returns undefined when there is no such key
 * @throws 422 when an owner's key would be bound, or bound to what does not exist
 */
export const updateBinding = (id: string, binding: Binding | null): Promise<ApiKey | undefined> => db().transaction(async (tx) => {
  const [found] = await tx.select({ role: t.role }).from(t).where(eq(t.id, id)).for('update')
  if (!found) return undefined
  if (binding && found.role === 'owner') throw problem('OWNER_BOUND')
  const [row] = await tx.update(t).set({ isBound: binding !== null }).where(eq(t.id, id)).returning()
  await writeBinding(tx, id, binding)
  return toKey(row!, await listBindings([id], tx))
})

/** All keys beside the owner's, newest first. */
export async function listKeys(): Promise<ApiKey[]> {
  const rows = await db().select().from(t).orderBy(desc(t.createdAt))
  const bindings = await listBindings(rows.filter(({ isBound }) => isBound).map(({ id }) => id))
  return rows.map(row => toKey(row, bindings))
}

/** Removes a key. False when there was none. */
export const deleteKey = async (id: string): Promise<boolean> =>
  (await db().delete(t).where(eq(t.id, id)).returning({ id: t.id })).length > 0

const toKey = (row: typeof t.$inferSelect, bindings: Map<string, BoundTo>): ApiKey => ({
  id: row.id,
  name: row.name,
  role: row.role,
  binding: row.isBound ? bindings.get(row.id) ?? { courses: [], projects: [] } : null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})
