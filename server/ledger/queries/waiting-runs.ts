import { eq, sql, type SQL } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { runs, runWaits } from '../../db/schema'

/**
 * Changes the waits of a run, and shows whether it waits: it does while one of them is open. The run is locked first,
 * so that of two waits that change at the same time the second sees what became of the first.
 */
export function changeWaits<T>(runId: string, change: (tx: Transaction) => Promise<T>): Promise<T> {
  return db().transaction(async (tx) => {
    await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, runId)).for('no key update')
    const changed = await change(tx)
    await tx.execute(sql`
      update ${runs} r set status = now.status
      from (
        select case when exists (select 1 from ${runWaits} w where w.run_id = ${runId} and w.closed_at is null)
          then 'waiting' else 'running' end as status) now
      where r.id = ${runId} and r.status in ('running', 'waiting') and r.status <> now.status`)
    return changed
  })
}

/** Whether an item is shown as waiting for a person: by the kind of wait that its step and its key make. @param item alias of its row */
export const hasOpenWait = (item: SQL) => sql`exists (
  select 1 from ${runWaits} wait
  where wait.run_id = ${item}.run_id and wait.kind = ${item}.name || ' ' || ${item}.item and wait.closed_at is null)`
