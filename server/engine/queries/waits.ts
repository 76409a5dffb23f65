import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { runs, runWaits } from '../../db/schema'

export type WaitRow = typeof runWaits.$inferSelect

const t = runWaits

/** What a run waits for, as it is shown. */
export type NewWait = Pick<typeof t.$inferInsert, 'runId' | 'kind' | 'token' | 'title' | 'message' | 'why' | 'fix'>

/**
 * Opens a wait and shows that its run waits. Opened again after a crash, it stays as it is.
 * @returns its deadline, by the database's clock
 */
export async function insertWait(wait: NewWait, timeoutMs?: number): Promise<Date | null> {
  return db().transaction(async (tx) => {
    const deadline = timeoutMs === undefined ? null : sql`now() + ${timeoutMs} * interval '1 millisecond'`
    await tx.insert(t).values({ ...wait, deadline }).onConflictDoNothing({ target: [t.runId, t.kind] })
    const [row] = await tx.select({ deadline: t.deadline }).from(t).where(and(eq(t.runId, wait.runId), eq(t.kind, wait.kind)))
    await tx.update(runs).set({ status: 'waiting' })
      .where(and(eq(runs.id, wait.runId), eq(runs.status, 'running'), sql`exists (
        select 1 from run_waits w where w.run_id = ${wait.runId} and w.closed_at is null)`))
    return row!.deadline
  })
}

/** Closes a wait whose answer has arrived, or whose deadline has passed; the run continues unless it waits for something else. */
export async function closeWait(runId: string, kind: string): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.update(t).set({ closedAt: sql`coalesce(${t.closedAt}, now())` }).where(and(eq(t.runId, runId), eq(t.kind, kind)))
    await tx.update(runs).set({ status: 'running' })
      .where(and(eq(runs.id, runId), eq(runs.status, 'waiting'), sql`not exists (
        select 1 from run_waits w where w.run_id = ${runId} and w.closed_at is null)`))
  })
}

const isOpen = and(isNull(t.closedAt), inArray(runs.status, ['running', 'waiting']))

/** The open waits of some runs that nobody has answered yet, oldest first. */
export async function listOpenWaits(runIds: string[]): Promise<WaitRow[]> {
  if (!runIds.length) return []
  const rows = await db().select({ wait: t }).from(t).innerJoin(runs, eq(runs.id, t.runId))
    .where(and(inArray(t.runId, runIds), isOpen, isNull(t.answeredAt))).orderBy(asc(t.createdAt), t.id)
  return rows.map(({ wait }) => wait)
}

/** The open wait with that id, or of that kind, of a run. */
export async function findOpenWait(runId: string, which: { id: string } | { kind: string }): Promise<WaitRow | undefined> {
  const [row] = await db().select({ wait: t }).from(t).innerJoin(runs, eq(runs.id, t.runId))
    .where(and(eq(t.runId, runId), 'id' in which ? eq(t.id, which.id) : eq(t.kind, which.kind), isOpen, isNull(t.answeredAt)))
  return row?.wait
}

/** Records the answer to a wait. False when somebody else answered it first. */
export async function recordAnswer(tx: Transaction, id: string, answer: unknown, actor: string): Promise<boolean> {
  const rows = await tx.update(t).set({ answer, answeredBy: actor, answeredAt: sql`now()` })
    .where(and(eq(t.id, id), isNull(t.answeredAt), isNull(t.closedAt))).returning({ id: t.id })
  return rows.length > 0
}

/** Waits that were answered while their run still waits: resuming it was lost. */
export async function listAnsweredWaits(): Promise<WaitRow[]> {
  const rows = await db().select({ wait: t }).from(t).innerJoin(runs, eq(runs.id, t.runId))
    .where(and(isOpen, isNotNull(t.answeredAt), isNotNull(t.token), sql`${t.answeredAt} < now() - interval '1 second'`)).limit(100)
  return rows.map(({ wait }) => wait)
}
