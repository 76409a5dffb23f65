import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { db, type Database, type Transaction } from '../client'
import { provisioningSteps } from '../schema'
import type { Failure } from '../../../shared/schemas/problem'
import type { StepStatus } from '../../../shared/schemas/run'

/** One item of one step of one run. */
export interface ItemRef { runId: string, step: string, item: string }

export type Begun
  = | { state: 'begun', attempt: number }
    | { state: 'finished', status: StepStatus, result: unknown }
    | { state: 'early', at: Date }

const t = provisioningSteps
const thisItem = ({ runId, step, item }: ItemRef) => and(eq(t.runId, runId), eq(t.name, step), eq(t.item, item))

/**
 * Begins an item, or goes on with one that was interrupted: that counts as no new attempt.
 * Tells what became of it when it is finished, or when its next attempt is due.
 */
export async function beginItem(ref: ItemRef): Promise<Begun> {
  const [begun] = await db().update(t).set({
    attempts: sql`${t.attempts} + (${t.status} = 'pending')::int`,
    status: 'running',
    startedAt: sql`coalesce(${t.startedAt}, now())`,
    nextAttemptAt: null,
    changedAt: sql`now()`,
  }).where(and(thisItem(ref), inArray(t.status, ['pending', 'running']), sql`coalesce(${t.nextAttemptAt}, now()) <= now()`))
    .returning({ attempt: t.attempts })
  if (begun) return { state: 'begun', attempt: begun.attempt }
  const [row] = await db().select({ status: t.status, result: t.result, nextAttemptAt: t.nextAttemptAt }).from(t).where(thisItem(ref))
  if (!row) throw new Error(`The run ${ref.runId} has no item ${ref.item} of ${ref.step}.`)
  if (row.status === 'pending' || row.status === 'running') return { state: 'early', at: row.nextAttemptAt ?? new Date() }
  return { state: 'finished', status: row.status, result: row.result }
}

/** The item is done; its result is for the items that follow. */
export const completeItem = (ref: ItemRef, result: unknown) =>
  change(ref, { status: 'completed', result, error: null, finishedAt: sql`now()` })

/** The item is left out for a reason that people should see. */
export const skipItem = (ref: ItemRef, error: Failure) =>
  change(ref, { status: 'skipped', error, finishedAt: sql`now()` })

/** The item failed for good. */
export const failItem = (ref: ItemRef, error: Failure) =>
  change(ref, { status: 'failed', error, finishedAt: sql`now()` })

/** The attempt failed; there will be another at `at`. */
export const scheduleItem = (ref: ItemRef, error: Failure, at: Date) =>
  change(ref, { status: 'pending', error, nextAttemptAt: at })

/** The attempt could not be made yet and counts as none. */
export const postponeItem = (ref: ItemRef, error: Failure, at: Date) =>
  change(ref, { status: 'pending', error, nextAttemptAt: at, attempts: sql`greatest(${t.attempts} - 1, 0)` })

async function change(ref: ItemRef, set: Partial<Record<keyof typeof t.$inferInsert, unknown>>): Promise<void> {
  await db().update(t).set({ ...set, changedAt: sql`now()` } as never).where(and(thisItem(ref), eq(t.status, 'running')))
}

/** The items that a new run begins with. */
export async function insertItems(tx: Transaction | Database, runId: string, items: { name: string, item: string }[]): Promise<void> {
  await tx.insert(t).values(items.map((item, position) => ({ runId, position, ...item })))
}

/** Gives a retry the items of the run it takes up: finished ones as they are, the others anew. */
export async function copyItems(tx: Transaction, fromRunId: string, toRunId: string): Promise<void> {
  await tx.execute(sql`
    insert into ${t} (run_id, name, item, position, status, attempts, result, started_at, finished_at)
    select ${toRunId}, name, item, position,
      case when status = 'completed' then status else 'pending' end,
      case when status = 'completed' then attempts else 0 end,
      case when status = 'completed' then result end,
      case when status = 'completed' then started_at end,
      case when status = 'completed' then finished_at end
    from ${t} where run_id = ${fromRunId}`)
}

export type ItemRow = typeof t.$inferSelect

/** All items of some runs, in the order of their plan. */
export const listItems = (runIds: string[]): Promise<ItemRow[]> =>
  runIds.length ? db().select().from(t).where(inArray(t.runId, runIds)).orderBy(asc(t.runId), asc(t.position)) : Promise.resolve([])
