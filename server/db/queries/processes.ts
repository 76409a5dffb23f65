import { eq, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { databaseUrl } from '../../lib/env'
import { db } from '../client'
import { processes } from '../schema'
import { PROCESS_LOCK } from './resources'

let session: postgres.Sql | undefined

/**
 * Shows that this process is alive: a heartbeat, and a session lock on a connection of its own,
 * which PostgreSQL drops the moment the process is gone. Taken again when the connection was lost;
 * never waited for, as the one that still holds it is this process's own lost connection.
 */
export async function showAlive({ id, lockKey }: { id: string, lockKey: number }): Promise<void> {
  session ??= postgres(databaseUrl(), { max: 1, max_lifetime: null, connect_timeout: 5, onnotice: () => {}, connection: { application_name: 'atelier alive' } })
  await session`
    select pg_try_advisory_lock(${PROCESS_LOCK}::int, ${lockKey}::int) where not exists (
      select 1 from pg_locks where locktype = 'advisory' and classid = ${PROCESS_LOCK} and objid::bigint = ${lockKey} and pid = pg_backend_pid())`
  await db().insert(processes).values({ id, lockKey }).onConflictDoUpdate({ target: processes.id, set: { heartbeatAt: sql`now()` } })
}

/** Ends the session and takes the process off the list. */
export async function leave(id: string): Promise<void> {
  await db().delete(processes).where(eq(processes.id, id))
  await session?.end({ timeout: 1 })
  session = undefined
}
