import { and, eq, inArray, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { provisioningSteps, runs } from '../../db/schema'
import type { ItemRow } from '../../ledger/queries/items'
import { serviceLimits } from '../../lib/service-limits'
import { type Backlog, forecast } from '../../rate-limits/forecast'
import { describeRule } from '../../rate-limits/errors'
import { findState } from '../../rate-limits/queries'
import type { Service } from '../../../shared/schemas/resource'
import type { RunLimit } from '../../../shared/schemas/run'

/** What one step of one run must still create in a service. */
interface Unfinished { runId: string, step: string, service: Service, count: number }

/**
 * The rate limit that the items of a run wait for: the rule, what is left, and when it will be done.
 * @returns null for a run that waits for none
 */
export async function findRunLimit(items: ItemRow[]): Promise<RunLimit | null> {
  const now = new Date()
  const waiting = items.find(({ status, error, nextAttemptAt }) =>
    status === 'pending' && error?.code === 'RATE_LIMITED' && nextAttemptAt && nextAttemptAt > now)
  if (!waiting?.service) return null
  const { service, runId } = waiting
  const unfinished = (await listUnfinished()).filter(one => one.service === service)
  const { limiterId, rules } = serviceLimits[service]
  const state = await findState(limiterId())
  // All runs share the limit, so this one may be done only when all of them are.
  const { rule, doneAt } = state ? forecast(state, rules(), backlogOf(unfinished), Date.now()) : {}
  return {
    service,
    says: rule ? describeRule(service, rule) : null,
    left: unfinished.filter(one => one.runId === runId).reduce((left, { count }) => left + count, 0),
    doneAt: doneAt ? new Date(doneAt).toISOString() : null,
  }
}

/** What all active runs must still create. */
function backlogOf(unfinished: Unfinished[]): Backlog {
  const bySteps = [...Map.groupBy(unfinished, ({ step }) => step).values()].map(ofStep => ofStep.reduce((sum, { count }) => sum + count, 0))
  return { total: bySteps.reduce((sum, n) => sum + n, 0), maxPerRoute: Math.max(0, ...bySteps) }
}

const listUnfinished = (): Promise<Unfinished[]> => db().select({
  runId: runs.id,
  step: provisioningSteps.name,
  service: sql<Service>`${provisioningSteps.service}`,
  count: sql<number>`sum(${provisioningSteps.creates})::int`,
}).from(provisioningSteps)
  .innerJoin(runs, eq(runs.id, provisioningSteps.runId))
  .where(and(eq(runs.status, 'running'), inArray(provisioningSteps.status, ['pending', 'running']), sql`${provisioningSteps.creates} > 0`))
  .groupBy(runs.id, provisioningSteps.name, provisioningSteps.service)
