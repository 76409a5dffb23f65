import { eq, inArray, sql } from 'drizzle-orm'
import { db } from '../client'
import { provisioningSteps, runs } from '../schema'
import { findBudget } from './budgets'
import type { ItemRow } from './steps'
import { discordBudget, discordRules } from '../../lib/discord/limits'
import { githubBudget, githubRules } from '../../lib/github/limits'
import { type Backlog, forecast } from '../../lib/budget/forecast'
import { say } from '../../lib/budget/refusal'
import { type MakesConfig, type StepConfig, workflows } from '../../../workflows.config'
import type { RunLimit } from '../../../shared/schemas/run'

type Service = MakesConfig['service']

const steps: readonly StepConfig[] = Object.values(workflows).flatMap(workflow => [...workflow.steps])
const makes = new Map<string, MakesConfig | undefined>(steps.map(step => [step.name, step.makes]))

const BUDGETS = { GITHUB: { id: githubBudget, rules: githubRules }, DISCORD: { id: discordBudget, rules: discordRules } }

/**
 * What holds up a run whose items wait for a provider's limit: the rule, what is left, and when it will be done.
 * @returns null for a run that waits for none
 */
export async function findRunLimit(items: ItemRow[]): Promise<RunLimit | null> {
  const service = waitsFor(items)
  if (!service) return null
  const unfinished = items.filter(({ status }) => status === 'pending' || status === 'running')
  const { id, rules } = BUDGETS[service]
  const [budget, backlog] = await Promise.all([findBudget(id()), findBacklog(service)])
  // All runs share the limit in turn, so that this one may be done only with all of them.
  const { rule, doneAt } = budget ? forecast(budget, rules(), backlog, Date.now()) : {}
  return {
    service,
    says: rule ? say(service, rule) : null,
    left: unfinished.reduce((left, { name }) => left + thingsOf(service, name), 0),
    doneAt: doneAt ? new Date(doneAt).toISOString() : null,
  }
}

const thingsOf = (service: Service, step: string): number => makes.get(step)?.service === service ? makes.get(step)!.things : 0

/** The service for whose limit an item waits that is due later. */
function waitsFor(items: ItemRow[]): Service | undefined {
  const waiting = items.find(({ status, error, nextAttemptAt }) => status === 'pending' && error?.code === 'RATE_LIMITED' && nextAttemptAt && nextAttemptAt > new Date())
  return waiting && makes.get(waiting.name)?.service
}

/** What all runs under way have still to make in a service. */
async function findBacklog(service: Service): Promise<Backlog> {
  const rows = await db().select({ step: provisioningSteps.name, items: sql<number>`count(*)::int` }).from(provisioningSteps)
    .innerJoin(runs, eq(runs.id, provisioningSteps.runId))
    .where(sql`${eq(runs.status, 'running')} and ${inArray(provisioningSteps.status, ['pending', 'running'])}`)
    .groupBy(provisioningSteps.name)
  const things = rows.map(({ step, items }) => items * thingsOf(service, step))
  return { things: things.reduce((sum, n) => sum + n, 0), mostOfARoute: Math.max(0, ...things) }
}
