import { and, count, desc, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { batched } from '../../db/batch'
import { provisioningSteps, runs } from '../../db/schema'
import { findRunLimit } from './run-limits'
import { type ItemRow, listItems } from '../../ledger/queries/items'
import { countQueuedBefore } from './fair-queue'
import { workflows, type WorkflowName } from '../../../workflows.config'
import type { Failure } from '../../../shared/schemas/problem'
import type { Page } from '../../../shared/schemas/page'
import type { Run, RunStatus, RunSummary } from '../../../shared/schemas/run'
import { sumStep } from '../../../shared/utils/steps'

type RunRow = typeof runs.$inferSelect

const UNFINISHED: Failure = {
  code: 'UNFINISHED',
  message: 'The run ended before everything was made.',
  why: 'Atelier did not foresee this.',
  fix: 'Press Retry: what is missing is made, and nothing twice.',
}

/** In these something more happens by itself. */
export const ACTIVE: RunStatus[] = ['pending', 'running', 'waiting']

/** A run to be: its row and its items are written before the runtime hears of it. */
export interface NewRun {
  id: string
  workflow: WorkflowName
  subjectId: string
  /** Who asks for it. */
  actor: string
  items: { name: string, item: string }[]
  /** The cancelled run that it takes back. */
  rollbackOf?: string
}

/** Writes the row of a new run and its items. The unique key refuses a second active one of the same subject. */
export async function insertRun(tx: Transaction, { id, workflow, subjectId, actor, items, rollbackOf }: NewRun): Promise<void> {
  await tx.execute(sql`
    with run as (
      insert into ${runs} (id, workflow, subject_type, subject_id, actor, takes_back)
      values (${id}, ${workflow}, ${workflows[workflow].subject}, ${subjectId}, ${actor}, ${rollbackOf ?? null}) returning id)
    insert into ${provisioningSteps} (run_id, position, name, item)
    select run.id, i.position, i.name, i.item
    from run, jsonb_to_recordset(${JSON.stringify(items.map((item, position) => ({ position, ...item })))}::jsonb) as i(position int, name text, item text)`)
}

/**
 * Lets one execution of the runtime have the run. The same execution may claim it again after
 * a crash, or when it comes back to what it waits for; any other gets nothing, so that a run started twice runs once.
 */
export async function claimRun(runId: string, runtimeRunId: string): Promise<{ subjectId: string } | undefined> {
  const [claimed] = await db().update(runs)
    .set({ runtimeRunId, status: sql`case when ${runs.status} = 'pending' then 'running' else ${runs.status} end`, startedAt: sql`coalesce(${runs.startedAt}, now())` })
    .where(and(eq(runs.id, runId), inArray(runs.status, ACTIVE), sql`coalesce(${runs.runtimeRunId}, ${runtimeRunId}) = ${runtimeRunId}`))
    .returning({ subjectId: runs.subjectId })
  return claimed
}

/** Shows that the run waits for a person, or goes on. */
export async function setRunStatus(runId: string, status: 'waiting' | 'running'): Promise<void> {
  await db().update(runs).set({ status }).where(and(eq(runs.id, runId), inArray(runs.status, ACTIVE)))
}

/**
 * Ends a run by what became of its items: completed only when all are; else with the error of the first that failed.
 * @param result what the run came to, in numbers
 */
export async function settleRun(runId: string, unexpected: Failure | null, result: Record<string, number> | null = null): Promise<void> {
  const json = (value: unknown) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`
  await db().execute(sql`
    with parts as (
      select (array_agg(error order by position) filter (where status = 'failed'))[1] as error, bool_or(status in ('pending', 'running')) as unfinished
      from ${provisioningSteps} where run_id = ${runId}),
    failure as (select coalesce(${json(unexpected)}, error, case when unfinished then ${json(UNFINISHED)} end) as error from parts)
    update ${runs} r set status = case when failure.error is null then 'completed' else 'failed' end, error = failure.error, result = ${json(result)}, finished_at = now()
    from failure where r.id = ${runId} and ${inArray(sql`r.status`, ACTIVE)}`)
}

/** The run with its steps. */
export async function findRun(id: string): Promise<Run | undefined> {
  const [row] = await db().select().from(runs).where(eq(runs.id, id))
  return row && (await withSteps([row]))[0]
}

/** The run without its steps. */
export const findRunSummary = batched<string, RunSummary | undefined>(async (ids) => {
  const found = await toSummaries(await db().select().from(runs).where(inArray(runs.id, [...ids])))
  const byId = new Map(found.map(run => [run.id, run]))
  return ids.map(id => byId.get(id))
})

/** The run that is under way for a subject, or waits for its turn, if there is one. */
export async function findActiveRun(subjectId: string, tx: Transaction | ReturnType<typeof db> = db()): Promise<{ id: string, workflow: WorkflowName, isQueued: boolean } | undefined> {
  const [row] = await tx.select({ id: runs.id, workflow: runs.workflow, isQueued: sql<boolean>`${runs.status} = 'pending' and ${runs.dispatchedAt} is null` }).from(runs).where(and(eq(runs.subjectId, subjectId), inArray(runs.status, ACTIVE)))
  return row
}

/** Whether nothing more happens in any of these runs. */
export const areRunsFinished = batched<string[], boolean>(async (asked) => {
  const rows = await db().select({ id: runs.id }).from(runs).where(and(inArray(runs.id, asked.flat()), inArray(runs.status, ACTIVE)))
  const active = new Set(rows.map(({ id }) => id))
  return asked.map(ids => !ids.some(id => active.has(id)))
})

/** The latest run of each subject, whatever it does. */
export async function findLatestRunSummaries(subjectIds: string[]): Promise<Map<string, RunSummary>> {
  if (!subjectIds.length) return new Map()
  const rows = await db().selectDistinctOn([runs.subjectId]).from(runs).where(inArray(runs.subjectId, subjectIds)).orderBy(runs.subjectId, desc(runs.createdAt))
  return new Map((await toSummaries(rows)).map(run => [run.subjectId, run]))
}

/** The latest run of a workflow for each subject, with its steps. */
export async function findLatestRuns(workflow: WorkflowName, subjectIds: string[]): Promise<Map<string, Run>> {
  if (!subjectIds.length) return new Map()
  const rows = await db().selectDistinctOn([runs.subjectId]).from(runs)
    .where(and(eq(runs.workflow, workflow), inArray(runs.subjectId, subjectIds))).orderBy(runs.subjectId, desc(runs.createdAt))
  return new Map((await withSteps(rows)).map(run => [run.subjectId, run]))
}

/** A page of runs, newest first. */
export async function listRuns({ page, pageSize, ...filter }: { page: number, pageSize: number, status?: RunStatus, workflow?: string, subjectId?: string }): Promise<Page<RunSummary>> {
  const where = and(
    filter.status ? eq(runs.status, filter.status) : undefined,
    filter.workflow ? eq(runs.workflow, filter.workflow as WorkflowName) : undefined,
    filter.subjectId ? eq(runs.subjectId, filter.subjectId) : undefined,
  )
  const [rows, [{ total } = { total: 0 }]] = await Promise.all([
    db().select().from(runs).where(where).orderBy(desc(runs.createdAt), runs.id).limit(pageSize).offset((page - 1) * pageSize),
    db().select({ total: count() }).from(runs).where(where),
  ])
  return { items: await toSummaries(rows), page, pageSize, total }
}

/** Runs that were called more than `olderThanMs` ago and never claimed: their start was lost. */
export const listUnstartedRuns = (olderThanMs: number): Promise<{ id: string, workflow: WorkflowName }[]> =>
  db().select({ id: runs.id, workflow: runs.workflow }).from(runs)
    .where(and(eq(runs.status, 'pending'), isNull(runs.runtimeRunId), sql`${runs.dispatchedAt} < now() - make_interval(secs => ${olderThanMs / 1000})`))
    .limit(100)

const unfinished = inArray(provisioningSteps.status, ['pending', 'running'])
const needsNobody = notInArray(provisioningSteps.name, Object.values(workflows).flatMap(({ steps }) => steps.filter(step => 'afterWaiting' in step).map(({ name }) => name)))

/** Executions of active runs in which nothing has moved for `forMs` though nothing is due later. */
export async function listStalledRuns(forMs: number): Promise<{ runId: string, runtimeRunId: string }[]> {
  const rows = await db().select({ runId: runs.id, runtimeRunId: runs.runtimeRunId }).from(runs)
    .innerJoin(provisioningSteps, eq(provisioningSteps.runId, runs.id))
    .where(and(inArray(runs.status, ['running', 'waiting']), sql`${runs.runtimeRunId} is not null`))
    .groupBy(runs.id)
    // A run that waits for a person is not stalled, unless a part of it that needs nobody can go on.
    .having(sql`(${runs.status} = 'running' or (bool_or(${unfinished} and ${needsNobody}) and not bool_or(${provisioningSteps.status} = 'failed')))
      and greatest(max(${provisioningSteps.changedAt}), max(${provisioningSteps.nextAttemptAt}), ${runs.startedAt}) < now() - make_interval(secs => ${forMs / 1000})`)
    .limit(100)
  return rows.map(({ runId, runtimeRunId }) => ({ runId, runtimeRunId: runtimeRunId! }))
}

async function withSteps(rows: RunRow[]): Promise<Run[]> {
  const [summaries, items] = await Promise.all([toSummaries(rows), listItems(rows.map(row => row.id))])
  const byRun = Map.groupBy(items, item => item.runId)
  return Promise.all(rows.map(async (row, index) => {
    const own = byRun.get(row.id) ?? []
    return { ...summaries[index]!, steps: stepsOf(row, own), limitedBy: row.status === 'running' ? await findRunLimit(own) : null }
  }))
}

async function toSummaries(rows: RunRow[]): Promise<RunSummary[]> {
  const before = await countQueuedBefore(rows.filter(row => row.status === 'pending' && !row.dispatchedAt).map(row => row.id))
  return rows.map(row => ({ ...toSummary(row), queuedBehind: before.get(row.id) ?? null }))
}

function stepsOf({ workflow, status }: RunRow, items: ItemRow[]): Run['steps'] {
  const byStep = Map.groupBy(items.map(toItemState), item => item.step)
  return workflows[workflow].steps
    .filter(step => byStep.has(step.name))
    .map((step, index) => sumStep(step, index + 1, byStep.get(step.name)!, leftOf(status)))
}

/** What the parts are that a run has left undone. */
const leftOf = (status: RunStatus): 'pending' | 'skipped' | undefined => {
  if (ACTIVE.includes(status)) return undefined
  return status === 'cancelled' ? 'skipped' : 'pending'
}

const toItemState = (row: ItemRow) => ({
  step: row.name,
  key: row.item,
  status: row.status,
  attempts: row.attempts,
  error: row.error,
  nextAttemptAt: row.status === 'pending' ? time(row.nextAttemptAt) : null,
  startedAt: time(row.startedAt),
  finishedAt: time(row.finishedAt),
})

const toSummary = (row: RunRow): Omit<RunSummary, 'queuedBehind'> => ({
  id: row.id,
  workflow: row.workflow,
  subjectType: row.subjectType,
  subjectId: row.subjectId,
  status: row.status,
  retryOf: row.retryOf,
  rollbackOf: row.rollbackOf,
  error: row.error,
  result: row.result,
  createdAt: row.createdAt.toISOString(),
  startedAt: time(row.startedAt),
  finishedAt: time(row.finishedAt),
})

const time = (date: Date | null) => date?.toISOString() ?? null
