import { and, eq, sql } from 'drizzle-orm'
import { runWaits } from '../../db/schema'
import type { Failure } from '../../../shared/schemas/problem'
import type { ItemRef } from './items'
import { changeWaits } from './waiting-runs'

/** The kind of the wait of an item, which itself looks for what it waits for. */
export const itemWaitKind = ({ step, item }: Pick<ItemRef, 'step' | 'item'>): string => `${step} ${item}`

/** Shows that an item waits for a person, and its run with it. */
export async function openItemWait(ref: ItemRef, { message, why, fix }: Failure): Promise<void> {
  const wait = { message, why, fix, closedAt: null }
  await changeWaits(ref.runId, tx => tx.insert(runWaits)
    .values({ ...wait, runId: ref.runId, kind: itemWaitKind(ref), title: 'Waiting for a person' })
    .onConflictDoUpdate({ target: [runWaits.runId, runWaits.kind], set: wait }))
}

/** Closes the wait of an item that has found what it waited for, or does not look for it any more. */
export async function closeItemWait(ref: ItemRef): Promise<void> {
  await changeWaits(ref.runId, tx => tx.update(runWaits).set({ closedAt: sql`now()` })
    .where(and(eq(runWaits.runId, ref.runId), eq(runWaits.kind, itemWaitKind(ref)))))
}
