import { and, eq, inArray, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { challengeRepos, provisioningSteps, runs, taskWorkspaces } from '../../db/schema'
import { findBudget } from '../../rate-limits/queries'
import type { ItemRow } from '../../ledger/queries/items'
import { discordBudget, discordRules } from '../../lib/discord/limits'
import { figmaBudget, figmaRules } from '../../lib/figma/limits'
import { githubBudget, githubRules } from '../../lib/github/limits'
import { huggingfaceBudget, huggingfaceRules } from '../../lib/huggingface/limits'
import { type Backlog, forecast } from '../../rate-limits/forecast'
import { say } from '../../rate-limits/refusal'
import type { Rule } from '../../lib/rate-limits/rules'
import { providerOf } from '../../workspaces/providers'
import { type MakesConfig, type StepConfig, workflows } from '../../../workflows.config'
import type { Service } from '../../../shared/schemas/resource'
import type { RunLimit } from '../../../shared/schemas/run'
import type { WorkspaceType } from '../../../shared/schemas/workspace'

const steps: readonly StepConfig[] = Object.values(workflows).flatMap(workflow => [...workflow.steps])
const makes = new Map(steps.map(step => [step.name, step.makes]))

const BUDGETS: Record<Service, { id: () => string, rules: () => Rule[] }> = {
  GITHUB: { id: githubBudget, rules: githubRules },
  DISCORD: { id: discordBudget, rules: discordRules },
  HUGGINGFACE: { id: huggingfaceBudget, rules: huggingfaceRules },
  FIGMA: { id: figmaBudget, rules: figmaRules },
}

/** Items of one step that are alike: of runs about the same type of workspace, or about none. */
interface Alike { runId: string, step: string, type: WorkspaceType | null, items: number }

/**
 * What holds up a run whose items wait for a provider's limit: the rule, what is left, and when it will be done.
 * @returns null for a run that waits for none
 */
export async function findRunLimit(items: ItemRow[]): Promise<RunLimit | null> {
  const waiting = items.find(({ status, error, nextAttemptAt }) => status === 'pending' && error?.code === 'RATE_LIMITED' && nextAttemptAt && nextAttemptAt > new Date())
  if (!waiting) return null
  const unfinished = await listUnfinished()
  const own = unfinished.filter(({ runId }) => runId === waiting.runId)
  const service = makesOf(waiting.name, own[0]?.type ?? null)?.service
  if (!service) return null
  const { id, rules } = BUDGETS[service]
  const budget = await findBudget(id())
  // All runs share the limit in turn, so that this one may be done only with all of them.
  const { rule, doneAt } = budget ? forecast(budget, rules(), backlogOf(service, unfinished), Date.now()) : {}
  return {
    service,
    says: rule ? say(service, rule) : null,
    left: own.reduce((left, alike) => left + thingsOf(service, alike), 0),
    doneAt: doneAt ? new Date(doneAt).toISOString() : null,
  }
}

function makesOf(step: string, type: WorkspaceType | null): MakesConfig | undefined {
  const made = makes.get(step)
  return made === 'workspace' ? type ? providerOf(type).makes : undefined : made
}

function thingsOf(service: Service, { step, type, items }: Alike): number {
  const made = makesOf(step, type)
  return made?.service === service ? made.things * items : 0
}

/** What all runs under way have still to make in a service. */
function backlogOf(service: Service, unfinished: Alike[]): Backlog {
  const bySteps = Map.groupBy(unfinished, ({ step }) => step)
  const things = [...bySteps.values()].map(alike => alike.reduce((sum, one) => sum + thingsOf(service, one), 0))
  return { things: things.reduce((sum, n) => sum + n, 0), mostOfARoute: Math.max(0, ...things) }
}

/** What is not done of all runs under way. */
const listUnfinished = (): Promise<Alike[]> => db().select({
  runId: runs.id,
  step: provisioningSteps.name,
  type: sql<WorkspaceType | null>`coalesce(${challengeRepos.workspaceType}, ${taskWorkspaces.workspaceType})`,
  items: sql<number>`count(*)::int`,
}).from(provisioningSteps)
  .innerJoin(runs, eq(runs.id, provisioningSteps.runId))
  .leftJoin(challengeRepos, eq(challengeRepos.id, runs.subjectId))
  .leftJoin(taskWorkspaces, eq(taskWorkspaces.id, runs.subjectId))
  .where(and(eq(runs.status, 'running'), inArray(provisioningSteps.status, ['pending', 'running'])))
  .groupBy(runs.id, provisioningSteps.name, challengeRepos.workspaceType, taskWorkspaces.workspaceType)
