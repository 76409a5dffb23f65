import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db, type Transaction } from '../../db/client'
import { runs } from '../../db/schema'
import { ACTIVE, findRun } from './runs'
import { notifyQueueMoved } from './fair-queue'
import type { Run, RunStatus } from '../../../shared/schemas/run'

/** Why a run cannot be cancelled: there is none, or it is over as that. */
export class NotCancellable extends Error {
  readonly status: RunStatus | undefined

  constructor(status: RunStatus | undefined) {
    super(`The run is ${status ?? 'unknown'}.`)
    this.status = status
  }
}

/**
 * Ends an active run as cancelled. From the commit on none of its items begins and nothing new is
 * intended for it; what is out already is kept.
 * @throws NotCancellable
 */
export async function cancelRow(tx: Transaction, runId: string): Promise<void> {
  const [run] = await tx.select({ status: runs.status, dispatchedAt: runs.dispatchedAt }).from(runs).where(eq(runs.id, runId)).for('update')
  if (!run || !ACTIVE.includes(run.status)) throw new NotCancellable(run?.status)
  await tx.update(runs).set({ status: 'cancelled', finishedAt: sql`now()` }).where(eq(runs.id, runId))
  if (run.status === 'pending' && !run.dispatchedAt) await notifyQueueMoved(tx)
}

/** Whether the run was cancelled. */
export const isRunCancelled = batched<string, boolean>(async (ids) => {
  const rows = await db().select({ id: runs.id }).from(runs).where(and(inArray(runs.id, [...new Set(ids)]), eq(runs.status, 'cancelled')))
  const cancelled = new Set(rows.map(row => row.id))
  return ids.map(id => cancelled.has(id))
})

/** The runtime's execution of a run, once it has claimed it. */
export async function findExecution(runId: string): Promise<string | undefined> {
  const [row] = await db().select({ id: runs.runtimeRunId }).from(runs).where(eq(runs.id, runId))
  return row?.id ?? undefined
}

/** The latest run that takes back what a cancelled one made. */
export async function findRollback(runId: string): Promise<Run | null> {
  const [row] = await db().select({ id: runs.id }).from(runs).where(eq(runs.rollbackOf, runId)).orderBy(desc(runs.createdAt)).limit(1)
  return row ? (await findRun(row.id)) ?? null : null
}
