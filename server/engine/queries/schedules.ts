import { and, eq, inArray, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { runs, schedules } from '../../db/schema'
import type { WorkflowName } from '../../../workflows.config'

/** Notes a schedule that was never seen before as if its last tick had been started: what was due before there was anything to do is not made up for. */
export async function noteSchedule(workflow: WorkflowName, tick: Date): Promise<void> {
  await db().insert(schedules).values({ workflow, tick }).onConflictDoNothing()
}

/**
 * Takes a tick inside the transaction that records its run.
 * @returns `done` when it, or a later one, was taken already, `busy` while an earlier run of the workflow is under way
 */
export async function takeTick(tx: Transaction, workflow: WorkflowName, tick: Date): Promise<'taken' | 'done' | 'busy'> {
  const [earlier] = await tx.select({ id: runs.id }).from(runs).where(and(eq(runs.workflow, workflow), inArray(runs.status, ['pending', 'running', 'waiting']))).limit(1)
  if (earlier) return 'busy'
  const taken = await tx.insert(schedules).values({ workflow, tick })
    .onConflictDoUpdate({ target: schedules.workflow, set: { tick }, setWhere: sql`${schedules.tick} < excluded.tick` })
    .returning({ workflow: schedules.workflow })
  return taken.length > 0 ? 'taken' : 'done'
}
