import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { textArray } from '../../db/lists'

/**
 * Releases the runtime's jobs that some workers have locked, at once and with the attempt count reset: a crash is
 * no attempt. The queue itself would wait four hours. A job that was enqueued again in the meantime has lost its
 * key and is removed.
 * https://worker.graphile.org/docs/admin-functions
 * @returns how many jobs others continue
 */
export async function releaseJobs(tx: Transaction, workerIds: string[]): Promise<number> {
  if (!workerIds.length) return 0
  const workers = textArray(workerIds)
  const locked = await tx.execute<{ id: string, replaced: boolean }>(sql`
    select id::text, key is null as replaced from graphile_worker.jobs where locked_by = any(${workers})`)
  const ids = (replaced: boolean) => sql`${textArray(locked.filter(job => job.replaced === replaced).map(({ id }) => id))}::bigint[]`
  await tx.execute(sql`select graphile_worker.force_unlock_workers(${workers})`)
  await tx.execute(sql`select from graphile_worker.reschedule_jobs(${ids(false)}, attempts => 0)`)
  await tx.execute(sql`select from graphile_worker.complete_jobs(${ids(true)})`)
  return locked.filter(({ replaced }) => !replaced).length
}
