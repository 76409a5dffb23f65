import { createHash } from 'node:crypto'
import { db, type Transaction } from '../db/client'
import { keepIdempotencyResult, type Recorded, takeIdempotencyKey } from './queries/idempotency'

/** The actor and the body of a request, with its `Idempotency-Key` if it has one. */
export interface StartRequest { actor: string, request: string, body: unknown, idempotencyKey?: string }

/**
 * Records what a request asks for in one transaction, once for each idempotency key.
 * @returns what was recorded, now or the first time; undefined when the key was used for another request
 */
export function recordOnce<R extends object = Recorded>(
  { actor, request, body, idempotencyKey: key }: StartRequest, record: (tx: Transaction) => Promise<R>,
): Promise<{ isNew: boolean, recorded: R } | undefined> {
  return db().transaction(async (tx) => {
    if (!key) return { isNew: true, recorded: await record(tx) }
    const repeatable = { actor, key, request, bodyHash: createHash('sha256').update(JSON.stringify(body)).digest('hex') }
    const taken = await takeIdempotencyKey(tx, repeatable)
    if (!taken.first) return taken.sameRequest ? { isNew: false, recorded: taken.recorded as R } : undefined
    const recorded = await record(tx)
    await keepIdempotencyResult(tx, repeatable, recorded)
    return { isNew: true, recorded }
  })
}
