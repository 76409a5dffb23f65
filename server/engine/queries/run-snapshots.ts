import { sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { provisioningSteps, runs, runWaits } from '../../db/schema'

/** The visible state of each run and of its steps, as texts that differ after every change. */
export type RunSnapshots = Map<string, { run: string, steps: string | null }>

/** Longer than two polls take. */
const RECENT = sql`now() - interval '1 minute'`

/** All runs that may have changed recently. */
export async function snapshotRuns(): Promise<RunSnapshots> {
  // A sum, because the latest change is not always seen last: a transaction may commit after one that started later.
  const rows = await db().execute<{ id: string, run: string, steps: string | null }>(sql`
    select r.id, sum(extract(epoch from s.changed_at))::text as steps,
      concat_ws(' ', r.status, r.finished_at, md5(r.error::text), (
        select count(*) + count(w.answered_at) + count(w.closed_at) from ${runWaits} w where w.run_id = r.id)) as run
    from ${runs} r left join ${provisioningSteps} s on s.run_id = r.id
    where r.status in ('pending', 'running', 'waiting') or r.finished_at > ${RECENT}
    group by r.id`)
  return new Map(rows.map(({ id, ...seen }) => [id, seen]))
}
