import { inArray, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { processes, provisioningSteps, runs } from '../../db/schema'
import { listWorkflowConfigs } from '../../lib/workflow-configs'

/** Steps that start only after a wait. */
const afterWait = (): string[] => listWorkflowConfigs()
  .flatMap(([workflow, { steps }]) => steps.filter(step => step.afterWait).map(step => `${workflow} ${step.name}`))

const unfinished = inArray(provisioningSteps.status, ['pending', 'running'])

/** Until when a running item counts as alive: as long as a live process holds its lease. */
const aliveUntil = sql`case when ${provisioningSteps.status} = 'running' and exists (
    select 1 from ${processes} p
    where p.id = ${provisioningSteps.leaseHolder} and p.reaped_at is null and p.heartbeat_at > now() - interval '10 seconds')
  then ${provisioningSteps.leasedUntil} end`

/**
 * Executions of active runs without progress for `forMs`, although nothing is due later and no live process works on
 * an item. A waiting run is not stalled, unless an item that needs no answer can continue.
 */
export async function listStalledRuns(forMs: number): Promise<{ runId: string, runtimeRunId: string }[]> {
  const steps = afterWait()
  const needsNoAnswer = steps.length
    ? sql`(${runs.workflow} || ' ' || ${provisioningSteps.name}) not in ${steps}`
    : sql`true`
  const rows = await db().select({ runId: runs.id, runtimeRunId: runs.runtimeRunId }).from(runs)
    .innerJoin(provisioningSteps, sql`${provisioningSteps.runId} = ${runs.id}`)
    .where(sql`${runs.status} in ('running', 'waiting') and ${runs.runtimeRunId} is not null`)
    .groupBy(runs.id)
    .having(sql`(
        ${runs.status} = 'running'
        or (bool_or(${unfinished} and ${needsNoAnswer}) and not bool_or(${provisioningSteps.status} = 'failed')))
      and greatest(
        max(${provisioningSteps.changedAt}), max(${provisioningSteps.nextAttemptAt}), max(${aliveUntil}), ${runs.startedAt}
      ) < now() - make_interval(secs => ${forMs / 1000})`)
    .limit(100)
  return rows.map(({ runId, runtimeRunId }) => ({ runId, runtimeRunId: runtimeRunId! }))
}
