import { and, eq } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { idempotencyKeys } from '../../db/schema'

/** A request that may arrive twice: its actor, its key and its content. */
export interface RepeatableRequest { actor: string, key: string, request: string, bodyHash: string }

/** What most requests record: the id of a row, and of the run that provisions it. */
export interface Recorded { id: string, runId: string }

/** Whether a request arrived before, and the result that `keepIdempotencyResult` stored then. */
export type FirstTime = { first: true } | { first: false, sameRequest: boolean, recorded: unknown }

/** Takes the key inside the transaction that does the work; a concurrent identical request waits here until it ends. */
export async function takeIdempotencyKey(tx: Transaction, { actor, key, request, bodyHash }: RepeatableRequest): Promise<FirstTime> {
  const [taken] = await tx.insert(idempotencyKeys).values({ actor, key, request, bodyHash })
    .onConflictDoNothing().returning({ key: idempotencyKeys.key })
  if (taken) return { first: true }
  const [earlier] = await tx.select().from(idempotencyKeys).where(isKey(actor, key))
  return { first: false, sameRequest: earlier!.request === request && earlier!.bodyHash === bodyHash, recorded: earlier!.result }
}

/** Remembers what the request with this key recorded. */
export async function keepIdempotencyResult(tx: Transaction, { actor, key }: RepeatableRequest, result: object): Promise<void> {
  await tx.update(idempotencyKeys).set({ result }).where(isKey(actor, key))
}

/** Whether an earlier request with this key was accepted. */
export async function isKeyTaken(actor: string, key: string): Promise<boolean> {
  return await db().$count(idempotencyKeys, isKey(actor, key)) > 0
}

const isKey = (actor: string, key: string) => and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key))
