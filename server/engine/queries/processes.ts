import { eq, or, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { batched } from '../../db/batch'
import { db } from '../../db/client'
import { externalResources, processes, provisioningSteps } from '../../db/schema'
import { textArray } from '../../db/lists'
import { healthyFromNow, isDead, PROCESS_LOCK, SETTLE } from '../../ledger/queries/liveness'
import { runtimeDatabaseUrl } from '../../lib/env'
import { observeDatabaseTime } from '../runtime/process-clock'
import { releaseJobs } from './jobs'

let session: postgres.Sql | undefined

const openSession = () => postgres(runtimeDatabaseUrl(), {
  max: 1,
  max_lifetime: null,
  connect_timeout: 5,
  backoff: () => 0.5,
  onnotice: () => {},
  connection: { application_name: 'atelier heartbeat' },
})

/**
 * Sends a heartbeat, and holds a session lock on a connection of its own, which PostgreSQL drops the moment the
 * process is gone. It takes the lock again after it lost the connection, and never waits for it: only this process's
 * own lost connection can still hold it. On the way it reads the database's clock, which nothing else delays on that
 * connection.
 */
export async function sendHeartbeat({ id, lockKey }: { id: string, lockKey: number }): Promise<void> {
  session ??= openSession()
  const sentAt = performance.now()
  const [row] = await session<{ at: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as at, (
      select pg_try_advisory_lock(${PROCESS_LOCK}::int, ${lockKey}::int) where not exists (
        select 1 from pg_locks
        where locktype = 'advisory' and classid = ${PROCESS_LOCK} and objid::bigint = ${lockKey} and pid = pg_backend_pid())
    ) as locked`
  observeDatabaseTime(row!.at, sentAt)
  await db().insert(processes).values({ id, lockKey, healthySince: healthyFromNow.first }).onConflictDoUpdate({
    target: processes.id,
    set: { heartbeatAt: sql`now()`, healthySince: healthyFromNow.again, reapedAt: null },
  })
}

/** Records the name under which a worker of a process locks jobs, before it takes the first one. */
export const registerWorker = batched<{ id: string, worker: string }, undefined>(async (named) => {
  for (const [id, workers] of Map.groupBy(named, one => one.id)) {
    const names = textArray(workers.map(({ worker }) => worker))
    await db().update(processes).set({ workerIds: sql`${processes.workerIds} || ${names}` }).where(eq(processes.id, id))
  }
  return named.map(() => undefined)
})

/**
 * Finds processes that died and releases their jobs, so that others continue them at once.
 * Of several processes that check at the same time one reaps.
 * @param judge id of the process that asks
 * @returns which processes it reaped, and how many jobs each left
 */
export const reapDeadProcesses = (judge: string): Promise<{ id: string, jobs: number }[]> => db().transaction(async (tx) => {
  const dead = await tx.execute<{ id: string, workerIds: string[] }>(sql`
    update ${processes} dead set reaped_at = now()
    where dead.reaped_at is null and ${isDead(sql`dead`, sql`${judge}::uuid`)}
    returning dead.id, dead.worker_ids as "workerIds"`)
  const reaped = []
  for (const { id, workerIds } of dead) reaped.push({ id, jobs: await releaseJobs(tx, workerIds) })
  return reaped
})

/**
 * Ends the session and deletes the process, and with it those that died a day ago. Other processes may take over its
 * leases as soon as its last call can no longer take effect; they get its unfinished jobs now.
 */
export async function deleteProcess(id: string): Promise<void> {
  for (const table of [externalResources, provisioningSteps])
    await db().update(table).set({ leasedUntil: sql`least(${table.leasedUntil}, now() + ${SETTLE})` }).where(eq(table.leaseHolder, id))
  await db().transaction(async (tx) => {
    const old = sql`${processes.heartbeatAt} < now() - interval '1 day'`
    const left = await tx.delete(processes).where(or(eq(processes.id, id), old)).returning({ workerIds: processes.workerIds })
    await releaseJobs(tx, left.flatMap(({ workerIds }) => workerIds))
  })
  await session?.end({ timeout: 1 })
  session = undefined
}
