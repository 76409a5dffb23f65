import { eq, inArray, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { runs } from '../../db/schema'
import { traceRunEnd } from '../../lib/tracing'
import type { RunStatus } from '../../../shared/schemas/run'
import { ACTIVE, type RunRow } from './runs'
import { notifyQueueMoved } from './fair-queue'

/** A run cannot be cancelled: it does not exist, or it has ended with this status. */
export class NotCancellable extends Error {
  readonly status: RunStatus | undefined

  constructor(status: RunStatus | undefined) {
    super(`The run is ${status ?? 'unknown'}.`)
    this.status = status
  }
}

/**
 * Ends an active run as cancelled. From the commit on none of its items starts and no intent is recorded
 * for it. The outcome of calls that are already in flight is still recorded.
 * @throws NotCancellable
 */
export async function cancelRow(tx: Transaction, runId: string): Promise<RunRow> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for('update')
  if (!run || !ACTIVE.includes(run.status)) throw new NotCancellable(run?.status)
  await tx.update(runs).set({ status: 'cancelled', finishedAt: sql`now()` }).where(eq(runs.id, runId))
  if (run.status === 'pending' && !run.dispatchedAt) await notifyQueueMoved(tx)
  traceCancelled(run)
  return run
}

/** Ends runs that a newer one replaces. @returns their executions, which the runtime must end, too */
export async function supersedeRows(tx: Transaction, runIds: string[]): Promise<string[]> {
  if (!runIds.length) return []
  const rows = await tx.update(runs).set({ status: 'cancelled', finishedAt: sql`now()` })
    .where(inArray(runs.id, runIds)).returning()
  rows.forEach(traceCancelled)
  return rows.flatMap(({ runtimeRunId }) => runtimeRunId ? [runtimeRunId] : [])
}

const traceCancelled = (run: RunRow) =>
  traceRunEnd(run.id, { ...run, status: 'cancelled', totalSeconds: (Date.now() - run.createdAt.getTime()) / 1000 })

/** Names the run that replaced others, once its row is written. */
export async function markSuperseded(tx: Transaction, runIds: string[], by: string): Promise<void> {
  if (runIds.length) await tx.update(runs).set({ supersededBy: by }).where(inArray(runs.id, runIds))
}

/** The runtime's execution of a run, once it has claimed it. */
export async function findExecution(runId: string): Promise<string | undefined> {
  const [row] = await db().select({ id: runs.runtimeRunId }).from(runs).where(eq(runs.id, runId))
  return row?.id ?? undefined
}
