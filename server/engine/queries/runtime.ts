import { sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { runs } from '../../db/schema'

/** Much longer than a live process takes between the runtime's two writes. */
const GRACE = sql`interval '3 seconds'`

/** A step that the runtime must execute again, under the runtime's own names. */
export interface ReopenedStep extends Record<string, unknown> {
  runtimeRunId: string
  workflowName: string
  startedAtMs: number
  stepId: string
  stepName: string
}

/**
 * Repairs a gap in the Postgres world: it ends a step by two separate writes, first the step's row and then its
 * event. A crash between them leaves a step that counts as done, while no replay sees it done, and its run waits
 * for it for ever. This reopens such a step; its items are finished in our own tables, so nothing is done twice.
 */
export async function reopenHalfEndedSteps(): Promise<ReopenedStep[]> {
  return db().execute<ReopenedStep>(sql`
    update workflow.workflow_steps step set status = 'pending', output_cbor = null, error_cbor = null, completed_at = null
    from workflow.workflow_runs run
    where run.id = step.run_id and run.status = 'running'
      and step.status in ('completed', 'failed') and step.completed_at < (now() at time zone 'utc') - ${GRACE}
      and not exists (
        select 1 from workflow.workflow_events event
        where event.run_id = step.run_id and event.correlation_id = step.step_id
          and event.type in ('step_completed', 'step_failed'))
    returning run.id as "runtimeRunId", run.name as "workflowName",
      (extract(epoch from run.started_at) * 1000)::float8 as "startedAtMs",
      step.step_id as "stepId", step.step_name as "stepName"`)
}

/** Makes steps of an execution due now that wait for their next attempt. */
export async function makeStepsDue(runtimeRunId: string): Promise<ReopenedStep[]> {
  return db().execute<ReopenedStep>(sql`
    update workflow.workflow_steps step set retry_after = null
    from workflow.workflow_runs run
    where run.id = ${runtimeRunId} and step.run_id = run.id and run.status = 'running'
      and step.status = 'pending' and step.retry_after is not null
    returning run.id as "runtimeRunId", run.name as "workflowName",
      (extract(epoch from run.started_at) * 1000)::float8 as "startedAtMs",
      step.step_id as "stepId", step.step_name as "stepName"`)
}

/** Executions that continue although their run was cancelled: ending them in the runtime was lost. */
export async function listUncancelledExecutions(): Promise<string[]> {
  const rows = await db().execute<{ id: string }>(sql`
    select execution.id from ${runs} run join workflow.workflow_runs execution on execution.id = run.runtime_run_id
    where run.status = 'cancelled' and execution.status in ('pending', 'running') and run.finished_at < now() - ${GRACE}
    limit 100`)
  return rows.map(row => row.id)
}

/** An active run whose execution the runtime has ended. */
export interface OrphanedRun extends Record<string, unknown> { runId: string, runtimeRunId: string, ended: string }

/**
 * Active runs whose execution the runtime has ended without our last step: its replay no longer
 * fits the code, or it was cancelled there. Such a run would never continue.
 */
export async function listOrphanedRuns(): Promise<OrphanedRun[]> {
  return db().execute<OrphanedRun>(sql`
    select run.id as "runId", execution.id as "runtimeRunId", execution.status as ended
    from ${runs} run join workflow.workflow_runs execution on execution.id = run.runtime_run_id
    where run.status in ('pending', 'running', 'waiting')
      and execution.status in ('completed', 'failed', 'cancelled')
      and execution.completed_at < (now() at time zone 'utc') - ${GRACE}
    limit 100`)
}
