import { sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { schedules } from '../../db/schema'

/**
 * Records a new schedule as if its last tick had been started: a tick from before the installation existed is
 * not started later.
 */
export async function insertSchedule(workflow: string, tick: Date): Promise<void> {
  await db().insert(schedules).values({ workflow, tick }).onConflictDoNothing()
}

/** The time by the database's clock, so that every process sees the same ticks. */
export async function readTime(): Promise<Date> {
  const [row] = await db().execute<{ ms: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as ms`)
  return new Date(row!.ms)
}

/** Takes a tick inside the transaction that records its run. False when it, or a later one, was taken already. */
export async function takeTick(tx: Transaction, workflow: string, tick: Date): Promise<boolean> {
  const taken = await tx.insert(schedules).values({ workflow, tick })
    .onConflictDoUpdate({ target: schedules.workflow, set: { tick }, setWhere: sql`${schedules.tick} < excluded.tick` })
    .returning({ workflow: schedules.workflow })
  return taken.length > 0
}
