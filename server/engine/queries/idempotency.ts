import { and, eq } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { idempotencyKeys } from '../../db/schema'

/** A request that may come twice: who asks, with which key, for what. */
export interface RepeatableRequest { actor: string, key: string, request: string, bodyHash: string }

/** What most requests record: the thing it is about and the run that makes it. */
export interface Recorded { id: string, runId: string }

/** Whether a request came before, and what it recorded then: whatever `keepIdempotencyResult` was given. */
export type FirstTime = { first: true } | { first: false, sameRequest: boolean, recorded: unknown }

/** Takes the key inside the transaction that does the work; an identical request at the same time waits here for its end. */
export async function takeIdempotencyKey(tx: Transaction, { actor, key, request, bodyHash }: RepeatableRequest): Promise<FirstTime> {
  const [taken] = await tx.insert(idempotencyKeys).values({ actor, key, request, bodyHash }).onConflictDoNothing().returning({ key: idempotencyKeys.key })
  if (taken) return { first: true }
  const [earlier] = await tx.select().from(idempotencyKeys).where(and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key)))
  return { first: false, sameRequest: earlier!.request === request && earlier!.bodyHash === bodyHash, recorded: earlier!.result }
}

/** Remembers what the request with this key recorded. */
export async function keepIdempotencyResult(tx: Transaction, { actor, key }: RepeatableRequest, result: object): Promise<void> {
  await tx.update(idempotencyKeys).set({ result }).where(and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key)))
}

/** Whether an earlier request with this key was taken on. */
export async function isKeyTaken(actor: string, key: string): Promise<boolean> {
  return (await db().select({ key: idempotencyKeys.key }).from(idempotencyKeys).where(and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key)))).length > 0
}
