import type { z } from 'zod'
import { toJSONSchema } from 'zod'
import type { Scope } from '../db/scope'
import { findConfig, listWorkflowConfigs } from '../lib/workflow-configs'
import { type ItemRow, listItems } from '../ledger/queries/items'
import type { Page } from '../../shared/schemas/page'
import type { Run, RunDetails, RunListItem, RunListQuery, RunStatus, RunSummary, Wait, Workflow } from '../../shared/schemas/run'
import { sumStep } from '../../shared/utils/steps'
import { nameActors } from './queries/actors'
import { countQueuedBefore } from './queries/fair-queue'
import { findRunLimit } from './queries/run-limits'
import { ACTIVE, findLatestRunRows, findRunRow, listChain, listRunRows, type RunRow } from './queries/runs'
import { listOpenWaits, type WaitRow } from './queries/waits'
import { retryRefusal } from './retry'
import { describeSubjects, itemLabel } from './subjects'
import { schemaOf } from './waits'

const time = (date: Date | null) => date?.toISOString() ?? null

/** Runs without their steps, as the API answers them. */
export async function toSummaries(rows: RunRow[]): Promise<RunSummary[]> {
  const queued = rows.filter(row => row.status === 'pending' && !row.dispatchedAt).map(({ id }) => id)
  const before = await countQueuedBefore(queued)
  return rows.map(row => toSummary(row, before.get(row.id) ?? (queued.includes(row.id) ? queued.length : null)))
}

const toSummary = (row: RunRow, queuedBehind: number | null): RunSummary => ({
  id: row.id,
  workflow: row.workflow,
  workflowTitle: findConfig(row.workflow)?.title ?? row.workflow,
  subjectType: row.subjectType,
  subjectId: row.subjectId,
  status: row.status,
  actor: row.actor,
  requestId: row.requestId,
  queuedBehind,
  rootRunId: row.rootRunId,
  retryOf: row.retryOf,
  rollbackOf: row.rollbackOf,
  supersededBy: row.supersededBy,
  error: row.error,
  createdAt: row.createdAt.toISOString(),
  startedAt: time(row.startedAt),
  finishedAt: time(row.finishedAt),
})

/** Runs with their steps and waits, as the API answers them. */
export async function toRuns(rows: RunRow[]): Promise<Run[]> {
  const ids = rows.map(({ id }) => id)
  const waiting = rows.filter(({ status }) => status === 'waiting').map(({ id }) => id)
  const [summaries, items, waits] = await Promise.all([toSummaries(rows), listItems(ids), listOpenWaits(waiting)])
  const itemsOf = Map.groupBy(items, ({ runId }) => runId)
  const waitsOf = Map.groupBy(waits, ({ runId }) => runId)
  return Promise.all(rows.map(async (row, n) => {
    const own = itemsOf.get(row.id) ?? []
    return {
      ...summaries[n]!,
      output: row.output,
      steps: stepsOf(row, own),
      waits: (waitsOf.get(row.id) ?? []).map(wait => toWait(wait, row.workflow)),
      limitedBy: row.status === 'running' ? await findRunLimit(own) : null,
    }
  }))
}

function stepsOf({ workflow, subjectType, status }: RunRow, items: ItemRow[]): Run['steps'] {
  const byStep = Map.groupBy(items, ({ name }) => name)
  const known = findConfig(workflow)?.steps.filter(({ name }) => byStep.has(name))
  const steps = known ?? [...byStep.keys()].map(name => ({ name, title: name }))
  return steps.map((step, n) => sumStep(step, n + 1, byStep.get(step.name)!.map(row => toItemState(row, subjectType)), leftOf(status)))
}

/** How unfinished items of an ended run are shown. */
function leftOf(status: RunStatus): 'pending' | 'skipped' | undefined {
  if (ACTIVE.includes(status)) return undefined
  return status === 'cancelled' ? 'skipped' : 'pending'
}

const toItemState = (row: ItemRow, subjectType: string) => ({
  step: row.name,
  key: row.item,
  label: itemLabel(subjectType, row.item),
  status: row.status,
  attempts: row.attempts,
  error: row.error,
  nextAttemptAt: row.status === 'pending' ? time(row.nextAttemptAt) : null,
  startedAt: time(row.startedAt),
  finishedAt: time(row.finishedAt),
})

function toWait({ id, runId, kind, token, title, message, why, fix, deadline, createdAt }: WaitRow, workflow: string): Wait {
  const schema = token === null ? undefined : schemaOf(workflow, kind)
  return {
    id, runId, kind, title, message, why, fix,
    answer: schema ? toJSONSchema(schema, { io: 'input' }) as Record<string, unknown> : null,
    deadline: time(deadline),
    createdAt: createdAt.toISOString(),
  }
}

/** The run with its steps, if it is in the scope. */
export async function findRun(id: string, scope: Scope): Promise<Run | undefined> {
  const row = await findRunRow(id, scope)
  return row && (await toRuns([row]))[0]
}

/** The run without its steps, if it is in the scope. */
export async function findRunSummary(id: string, scope: Scope): Promise<RunSummary | undefined> {
  const row = await findRunRow(id, scope)
  return row && (await toSummaries([row]))[0]
}

/** The latest run of some workflows for each subject, with its steps, by the id of the subject. */
export async function findLatestRuns(workflows: readonly string[], subjectIds: string[]): Promise<Map<string, Run>> {
  const runs = await toRuns(await findLatestRunRows(workflows, subjectIds))
  return new Map(runs.map(run => [run.subjectId, run]))
}

/** The same without steps. */
export async function findLatestRunSummaries(workflows: readonly string[], subjectIds: string[]): Promise<Map<string, RunSummary>> {
  const runs = await toSummaries(await findLatestRunRows(workflows, subjectIds))
  return new Map(runs.map(run => [run.subjectId, run]))
}

/** A page of the runs in the scope, with their subjects and actors. */
export async function listRuns(query: z.output<typeof RunListQuery>, scope: Scope): Promise<Page<RunListItem>> {
  const page = await listRunRows(query, scope)
  const [runs, subjects, actors] = await Promise.all([
    toSummaries(page.items), describeSubjects(page.items), nameActors(page.items.map(({ actor }) => actor)),
  ])
  const items = runs.map(run => ({ ...run, subject: subjects.get(run.subjectId) ?? null, startedBy: actors.get(run.actor)! }))
  return { ...page, items }
}

/** Everything that the page of a run shows, if the run is in the scope. */
export async function findRunDetails(id: string, scope: Scope): Promise<RunDetails | undefined> {
  const row = await findRunRow(id, scope)
  if (!row) return undefined
  const [[run], chain, subjects, actors] = await Promise.all([
    toRuns([row]), listChain(row.rootRunId), describeSubjects([row]), nameActors([row.actor]),
  ])
  const config = findConfig(row.workflow)
  const own = chain.find(one => one.id === id) ?? row
  return {
    ...run!,
    subject: subjects.get(row.subjectId) ?? null,
    startedBy: actors.get(row.actor)!,
    input: row.input,
    maxAttempts: config?.retry.attempts ?? 1,
    canRetry: config !== undefined && chain.includes(own) && retryRefusal(own, chain) === undefined,
    canRollback: config?.rollback !== undefined,
    chain: await toSummaries(chain),
  }
}

/** The latest rollback of a cancelled run, if there is one. */
export async function findRollback({ id, rootRunId }: Pick<RunSummary, 'id' | 'rootRunId'>): Promise<Run | null> {
  const row = (await listChain(rootRunId)).findLast(({ rollbackOf }) => rollbackOf === id)
  return row ? (await toRuns([row]))[0] ?? null : null
}

/** Every workflow, as the API describes it. */
export const listWorkflows = (): Workflow[] => listWorkflowConfigs().map(([name, config]) => ({
  name,
  title: config.title,
  description: config.description,
  subject: config.subject,
  steps: config.steps.map(({ name, title }) => ({ name, title })),
  maxAttempts: config.retry.attempts,
  concurrency: config.concurrency.policy,
  schedule: config.schedule ?? null,
  canRollback: config.rollback !== undefined,
}))
