import { eq, sql } from 'drizzle-orm'
import type { ReservedSql } from 'postgres'
import { db, driver } from '../client'
import { processes } from '../schema'
import { PROCESS_LOCK } from './resources'

/**
 * Writes this process down and takes the session lock that shows it is alive, on a connection
 * of its own. PostgreSQL drops the lock the moment the process is gone.
 * @returns the connection that holds the lock
 */
export async function register({ id, lockKey }: { id: string, lockKey: number }): Promise<ReservedSql> {
  const connection = await driver().reserve()
  await connection`select pg_advisory_lock(${PROCESS_LOCK}, ${lockKey})`
  await db().insert(processes).values({ id, lockKey }).onConflictDoUpdate({ target: processes.id, set: { heartbeatAt: sql`now()` } })
  return connection
}

/** Shows that the process is alive. */
export async function beat(id: string): Promise<void> {
  await db().update(processes).set({ heartbeatAt: sql`now()` }).where(eq(processes.id, id))
}
