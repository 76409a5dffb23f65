import { sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { provisioningSteps, runs } from '../../db/schema'

/** What can be seen of a run and of its steps, in words that differ after every change. */
export type RunSnapshots = Map<string, { run: string, steps: string | null }>

/** Longer than it takes to look twice. */
const RECENT = sql`now() - interval '1 minute'`

/** All runs in which something can have changed of late. */
export async function snapshotRuns(): Promise<RunSnapshots> {
  // A sum, because the latest change is not always the last to be seen: a transaction may end after one that began later.
  const rows = await db().execute<{ id: string, run: string, steps: string | null }>(sql`
    select r.id, concat_ws(' ', r.status, r.finished_at, md5(r.error::text)) as run, sum(extract(epoch from s.changed_at))::text as steps
    from ${runs} r left join ${provisioningSteps} s on s.run_id = r.id
    where r.status in ('pending', 'running', 'waiting') or r.finished_at > ${RECENT}
    group by r.id`)
  return new Map(rows.map(({ id, ...seen }) => [id, seen]))
}
