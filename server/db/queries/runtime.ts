import { sql } from 'drizzle-orm'
import { db } from '../client'

/** Long past the moment between the runtime's two writes in a process that lives. */
const GRACE = sql`interval '3 seconds'`

/**
 * Makes good for a gap in the Postgres world: it ends a step by two separate writes, first the
 * step's row and then its event. A crash between them leaves a step that counts as done but
 * that no replay sees done, and its run waits for it for ever. Such a step is opened again; its
 * items are finished in our own tables, so nothing is done twice.
 * @returns the runtime's ids of the runs that can go on
 */
export async function reopenHalfEndedSteps(): Promise<string[]> {
  const rows = await db().execute<{ run_id: string }>(sql`
    update workflow.workflow_steps step set status = 'pending', output_cbor = null, error_cbor = null, completed_at = null
    from workflow.workflow_runs run
    where run.id = step.run_id and run.status = 'running'
      and step.status in ('completed', 'failed') and step.completed_at < (now() at time zone 'utc') - ${GRACE}
      and not exists (
        select 1 from workflow.workflow_events event
        where event.run_id = step.run_id and event.correlation_id = step.step_id and event.type in ('step_completed', 'step_failed'))
    returning step.run_id`)
  return [...new Set(rows.map(row => row.run_id))]
}
