import { eq, or, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { runtimeDatabaseUrl } from '../../lib/env'
import { db } from '../client'
import { externalResources, processes } from '../schema'
import { PROCESS_LOCK, SETTLE } from './resources'

let session: postgres.Sql | undefined

/**
 * Shows that this process is alive: a heartbeat, and a session lock on a connection of its own,
 * which PostgreSQL drops the moment the process is gone. Taken again when the connection was lost;
 * never waited for, as the one that still holds it is this process's own lost connection.
 */
export async function showAlive({ id, lockKey }: { id: string, lockKey: number }): Promise<void> {
  session ??= postgres(runtimeDatabaseUrl(), { max: 1, max_lifetime: null, connect_timeout: 5, onnotice: () => {}, connection: { application_name: 'atelier alive' } })
  await session`
    select pg_try_advisory_lock(${PROCESS_LOCK}::int, ${lockKey}::int) where not exists (
      select 1 from pg_locks where locktype = 'advisory' and classid = ${PROCESS_LOCK} and objid::bigint = ${lockKey} and pid = pg_backend_pid())`
  await db().insert(processes).values({ id, lockKey }).onConflictDoUpdate({ target: processes.id, set: { heartbeatAt: sql`now()` } })
}

/**
 * Ends the session and takes the process off the list, and with it those that died a day ago.
 * What it still held can be taken over as soon as a last call of its own can no longer take effect.
 */
export async function leave(id: string): Promise<void> {
  await db().update(externalResources).set({ leasedUntil: sql`least(${externalResources.leasedUntil}, now() + ${SETTLE})` }).where(eq(externalResources.leaseHolder, id))
  await db().delete(processes).where(or(eq(processes.id, id), sql`${processes.heartbeatAt} < now() - interval '1 day'`))
  await session?.end({ timeout: 1 })
  session = undefined
}
