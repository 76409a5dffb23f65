import { eq, or, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { runtimeDatabaseUrl } from '../../lib/env'
import { textArray } from '../../db/text-array'
import { db } from '../../db/client'
import { batched } from '../../db/batch'
import { externalResources, processes } from '../../db/schema'
import { isDead, PROCESS_LOCK, healthyFromNow } from '../../ledger/queries/liveness'
import { releaseJobs } from './jobs'
import { SETTLE } from '../../ledger/queries/resources'

let session: postgres.Sql | undefined

/**
 * Shows that this process is alive: a heartbeat, and a session lock on a connection of its own,
 * which PostgreSQL drops the moment the process is gone. Taken again when the connection was lost;
 * never waited for, as the one that still holds it is this process's own lost connection.
 */
export async function beat({ id, lockKey }: { id: string, lockKey: number }): Promise<void> {
  session ??= postgres(runtimeDatabaseUrl(), {
    max: 1,
    max_lifetime: null,
    connect_timeout: 5,
    backoff: () => 0.5,
    onnotice: () => {},
    connection: { application_name: 'atelier alive' },
  })
  await session`
    select pg_try_advisory_lock(${PROCESS_LOCK}::int, ${lockKey}::int) where not exists (
      select 1 from pg_locks where locktype = 'advisory' and classid = ${PROCESS_LOCK} and objid::bigint = ${lockKey} and pid = pg_backend_pid())`
  await db().insert(processes).values({ id, lockKey, healthySince: healthyFromNow.first })
    .onConflictDoUpdate({ target: processes.id, set: { heartbeatAt: sql`now()`, healthySince: healthyFromNow.again, reapedAt: null } })
}

/** Writes down by which name a worker of a process locks jobs, before it takes the first. */
export const registerWorker = batched<{ id: string, worker: string }, undefined>(async (named) => {
  for (const [id, workers] of Map.groupBy(named, one => one.id))
    await db().update(processes).set({ workerIds: sql`${processes.workerIds} || ${textArray(workers.map(({ worker }) => worker))}` }).where(eq(processes.id, id))
  return named.map(() => undefined)
})

/**
 * Finds processes that died and gives their jobs back, so that others go on with them at once.
 * Of several that look at the same time one acts.
 * @param judge id of the process that asks
 * @returns whom it buried, and how many jobs each left
 */
export const reapDeadProcesses = (judge: string): Promise<{ id: string, jobs: number }[]> => db().transaction(async (tx) => {
  const dead = await tx.execute<{ id: string, workerIds: string[] }>(sql`
    update ${processes} dead set reaped_at = now() where dead.reaped_at is null and ${isDead(sql`dead`, sql`${judge}::uuid`)}
    returning dead.id, dead.worker_ids as "workerIds"`)
  const buried = []
  for (const { id, workerIds } of dead) buried.push({ id, jobs: await releaseJobs(tx, workerIds) })
  return buried
})

/**
 * Ends the session and takes the process off the list, and with it those that died a day ago.
 * What it still held can be taken over as soon as a last call of its own can no longer take effect;
 * jobs that it could not finish go to others now.
 */
export async function leave(id: string): Promise<void> {
  await db().update(externalResources).set({ leasedUntil: sql`least(${externalResources.leasedUntil}, now() + ${SETTLE})` }).where(eq(externalResources.leaseHolder, id))
  await db().transaction(async (tx) => {
    const left = await tx.delete(processes).where(or(eq(processes.id, id), sql`${processes.heartbeatAt} < now() - interval '1 day'`)).returning({ workerIds: processes.workerIds })
    await releaseJobs(tx, left.flatMap(({ workerIds }) => workerIds))
  })
  await session?.end({ timeout: 1 })
  session = undefined
}
