import { sql, type SQL } from 'drizzle-orm'
import { db } from '../db/client'
import { actionLog, auditLog, idempotencyKeys, processes, runs, sessions, signInCodes } from '../db/schema'

/** Rows that one statement removes: enough to be quick, few enough to hold nobody up. */
export const BATCH = 500

const daysAgo = (days: number) => sql`now() - make_interval(days => ${days})`

/** Whether this database has the runtime's records; on Vercel the runtime keeps them itself. */
async function isHere(table: 'workflow.workflow_runs' | 'graphile_worker.jobs'): Promise<boolean> {
  const [found] = await db().execute<{ here: boolean }>(sql`select to_regclass(${table}) is not null as here`)
  return found!.here
}

/**
 * Removes executions that the runtime ended long ago, with their events, steps, hooks, waits and streams.
 * @returns how many executions, at most BATCH
 */
export async function deleteEndedExecutions(keepDays: number): Promise<number> {
  if (!await isHere('workflow.workflow_runs')) return 0
  const parts = ['workflow_events', 'workflow_steps', 'workflow_hooks', 'workflow_waits', 'workflow_stream_chunks'].map(name =>
    sql`${sql.identifier(name)} as (delete from workflow.${sql.identifier(name)} where run_id in (select id from old))`)
  const deleted = await db().execute(sql`
    with old as (
      select execution.id from workflow.workflow_runs execution
      where execution.status in ('completed', 'failed', 'cancelled')
        and coalesce(execution.completed_at, execution.updated_at) < (${daysAgo(keepDays)}) at time zone 'utc'
        and not exists (
          select 1 from ${runs} run
          where run.runtime_run_id = execution.id and run.status in ('pending', 'running', 'waiting'))
      limit ${BATCH} for update skip locked),
    ${sql.join(parts, sql`, `)}
    delete from workflow.workflow_runs where id in (select id from old) returning id`)
  return deleted.length
}

/** Jobs that nobody works on any more: out of attempts, or locked by a worker that is long gone. */
export async function deleteDeadJobs(): Promise<number> {
  if (!await isHere('graphile_worker.jobs')) return 0
  const deleted = await db().execute(sql`
    select id from graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs
      where (attempts >= max_attempts and locked_at is null and updated_at < ${daysAgo(1)}) or locked_at < ${daysAgo(1)}
      limit ${BATCH}))`)
  return deleted.length
}

/** Removes old entries of outside calls. They outlive their subjects, so this is a long time. */
export const deleteOldAudit = (keepDays: number) => deleteOld(sql`${auditLog}`, keepDays)

/** Removes old entries of actions, which outlive their actors. */
export const deleteOldActions = (keepDays: number) => deleteOld(sql`${actionLog}`, keepDays)

const deleteOld = (log: SQL, keepDays: number): Promise<number> => db().transaction(async (tx) => {
  await tx.execute(sql`set local atelier.prune = 'on'`)
  const deleted = await tx.execute(sql`
    delete from ${log} where id in (
      select id from ${log} where at < ${daysAgo(keepDays)} order by id limit ${BATCH})
    returning id`)
  return deleted.length
})

/** Removes idempotency keys that nobody sends again. */
export const deleteSpentKeys = (keepDays: number) => deleteSome(sql`${idempotencyKeys}`, sql`created_at < ${daysAgo(keepDays)}`)

/** Removes one-time codes that have expired. */
export const deleteSpentCodes = () => deleteSome(sql`${signInCodes}`, sql`expires_at < ${daysAgo(1)}`)

/** Removes sessions that have ended by themselves. */
export const deleteSpentSessions = () =>
  deleteSome(sql`${sessions}`, sql`expires_at < ${daysAgo(1)} or last_seen_at < ${daysAgo(2)}`)

/** Removes processes that died without deregistering. */
export const deleteDeadProcesses = () => deleteSome(sql`${processes}`, sql`heartbeat_at < ${daysAgo(1)}`)

async function deleteSome(table: SQL, spent: SQL): Promise<number> {
  const deleted = await db().execute(sql`
    delete from ${table} where ctid in (select ctid from ${table} where ${spent} limit ${BATCH}) returning 1`)
  return deleted.length
}
