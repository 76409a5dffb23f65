import { and, count, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { type Database, db, type Transaction } from '../../db/client'
import { EVERYTHING, type Scope } from '../../db/scope'
import { provisioningSteps, runs } from '../../db/schema'
import { failure } from '../../lib/messages'
import { currentRequestId } from '../../lib/request-context'
import { traceRunStart } from '../../lib/tracing'
import { findConfig } from '../../lib/workflow-configs'
import type { RunRef } from '../../ledger'
import type { Failure } from '../../../shared/schemas/problem'
import type { RunStatus } from '../../../shared/schemas/run'
import type { Page } from '../../../shared/schemas/page'
import type { Service } from '../../../shared/schemas/resource'
import { isAboutSubjectOf } from './scope'

export type RunRow = typeof runs.$inferSelect

/** A run in one of these can still continue by itself. */
export const ACTIVE: RunStatus[] = ['pending', 'running', 'waiting']

/** One item of a new run. */
export interface NewItem {
  name: string
  item: string
  /** Where it creates resources, and how many; absent: as workflows.config.ts declares for its step. */
  creates?: { service: Service, count: number }
}

/** A new run: its row and its items are written before it is dispatched to the runtime. */
export interface NewRunRow {
  id: string
  workflow: string
  subjectType: string
  subjectId: string
  concurrencyGroup: string
  /** Who requests it. */
  actor: string
  input?: unknown
  items: NewItem[]
  rootRunId?: string
  retryOf?: string
  rollbackOf?: string
  /** It waits for the active run of its group and subject, and for those that wait already. */
  isBehind?: true
  /** It comes before runs that wait behind the one that has just ended. */
  isNext?: true
}

/**
 * Writes the row of a new run, with the request that is being handled, and its items.
 * @returns false when another run of its group is active on its subject, unless this one waits behind it
 */
export async function insertRunRow(tx: Transaction, run: NewRunRow): Promise<boolean> {
  const { id, workflow, subjectType, subjectId, concurrencyGroup, actor, input, rootRunId, retryOf, rollbackOf, isBehind, isNext } = run
  const written = await tx.execute(sql`
    with run as (
      insert into ${runs} (id, workflow, subject_type, subject_id, concurrency_group, actor, input,
        request_id, root_run_id, retry_of, rollback_of, is_behind)
      select ${id}::uuid, ${workflow}, ${subjectType}, ${subjectId}::uuid, ${concurrencyGroup}, ${actor}, ${json(input)},
        ${currentRequestId() ?? null},
        ${rootRunId ?? id}::uuid, ${retryOf ?? null}::uuid, ${rollbackOf ?? null}::uuid, ${isBehind ?? false}::boolean
      where ${isBehind ?? isNext ?? false}::boolean or not exists (
        select 1 from ${runs} other
        where other.concurrency_group = ${concurrencyGroup} and other.subject_id = ${subjectId}
          and other.status in ('pending', 'running', 'waiting'))
      on conflict (concurrency_group, subject_id) where status in ('pending', 'running', 'waiting') and not is_behind do nothing
      returning id),
    items as (
      insert into ${provisioningSteps} (run_id, position, name, item, service, creates)
      select run.id, i.position, i.name, i.item, i.service, coalesce(i.creates, 0)
      from run, jsonb_to_recordset(${JSON.stringify(itemRecords(run))}::jsonb)
        as i(position int, name text, item text, service text, creates int))
    select id from run`)
  if (written.length) traceRunStart(id, workflow)
  return written.length > 0
}

function itemRecords({ workflow, items }: NewRunRow) {
  const steps = new Map(findConfig(workflow)?.steps.map(step => [step.name, step.creates]))
  return items.map(({ name, item, creates = steps.get(name) }, position) =>
    ({ position, name, item, service: creates?.service, creates: creates?.count }))
}

const json = (value: unknown) => sql`${value === undefined || value === null ? null : JSON.stringify(value)}::jsonb`

/**
 * Claims the run for one execution of the runtime. The same execution may claim it again after a crash, or when it
 * resumes; any other gets nothing, so that a run that was started twice is executed once. `isNew`: it starts just now.
 */
export async function claimRunRow(runId: string, runtimeRunId: string): Promise<{ run: RunRef, isNew: boolean } | undefined> {
  const [claimed] = await db().update(runs)
    .set({
      runtimeRunId,
      status: sql`case when ${runs.status} = 'pending' then 'running' else ${runs.status} end`,
      startedAt: sql`coalesce(${runs.startedAt}, now())`,
    })
    .where(and(eq(runs.id, runId), inArray(runs.status, ACTIVE), sql`coalesce(${runs.runtimeRunId}, ${runtimeRunId}) = ${runtimeRunId}`))
    .returning({
      runId: runs.id, rootRunId: runs.rootRunId, requestId: runs.requestId, workflow: runs.workflow,
      subjectType: runs.subjectType, subjectId: runs.subjectId, input: runs.input,
      isNew: sql<boolean>`${runs.startedAt} = now()`,
    })
  if (!claimed) return undefined
  const { isNew, ...run } = claimed
  return { run, isNew }
}

/** A run that has just ended. */
export interface EndedRun extends Record<string, unknown> {
  requestId: string | null
  workflow: string
  subjectType: string
  subjectId: string
  status: RunStatus
  /** The code of its failure. */
  code: string | null
  seconds: number | null
  /** With the time in the queue. */
  totalSeconds: number
}

/**
 * Ends a run by the outcome of its items: completed only when all are; else with the error of the first that failed.
 * @param output the result of the run
 * @returns undefined when it had ended already
 */
export async function settleRunRow(runId: string, unexpected: Failure | null, output: unknown = null): Promise<EndedRun | undefined> {
  const [ended] = await db().execute<EndedRun>(sql`
    with parts as (
      select (array_agg(error order by position) filter (where status = 'failed'))[1] as error,
        bool_or(status in ('pending', 'running')) as unfinished
      from ${provisioningSteps} where run_id = ${runId}),
    failure as (
      select coalesce(${json(unexpected)}, error, case when unfinished then ${json(failure('UNFINISHED'))} end) as error from parts)
    update ${runs} r
    set status = case when failure.error is null then 'completed' else 'failed' end,
      error = failure.error, output = ${json(output)}, finished_at = now()
    from failure where r.id = ${runId} and ${inArray(sql`r.status`, ACTIVE)}
    returning r.request_id as "requestId", r.workflow, r.subject_type as "subjectType", r.subject_id as "subjectId", r.status,
      r.error ->> 'code' as code, extract(epoch from r.finished_at - r.started_at)::float8 as seconds,
      extract(epoch from r.finished_at - r.created_at)::float8 as "totalSeconds"`)
  return ended
}

/** Prevents newer runs from replacing this one from now on. False when it was replaced already. */
export async function keepFromReplacement(runId: string): Promise<boolean> {
  const rows = await db().update(runs).set({ isReplaceable: false })
    .where(and(eq(runs.id, runId), inArray(runs.status, ACTIVE))).returning({ id: runs.id })
  return rows.length > 0
}

/** The row of a run, if it is in the scope. */
export const findRunRow = (id: string, scope: Scope): Promise<RunRow | undefined> => loadRunRow({ id, scope })

const loadRunRow = batched<{ id: string, scope: Scope }, RunRow | undefined>(async (asked) => {
  const byKey = Map.groupBy(asked, ({ scope }) => scope === EVERYTHING ? undefined : scope.boundKey)
  const found = new Map(await Promise.all([...byKey].map(async ([key, ofKey]) => {
    const isInScope = isAboutSubjectOf(ofKey[0]!.scope, runs)
    const rows = await db().select().from(runs).where(and(inArray(runs.id, ofKey.map(({ id }) => id)), isInScope))
    return [key, new Map(rows.map(row => [row.id, row]))] as const
  })))
  return asked.map(({ id, scope }) => found.get(scope === EVERYTHING ? undefined : scope.boundKey)!.get(id))
})

/** An active run. */
export interface ActiveRun { id: string, workflow: string, status: RunStatus, isQueued: boolean }

/** The active run of a concurrency group on a subject, if there is one. Runs that wait behind it do not count. */
export async function findActiveRun(group: string, subjectId: string, tx: Transaction | Database = db()): Promise<ActiveRun | undefined> {
  const [row] = await tx.select({
    id: runs.id, workflow: runs.workflow, status: runs.status,
    isQueued: sql<boolean>`${runs.status} = 'pending' and ${runs.dispatchedAt} is null`,
  }).from(runs)
    .where(and(eq(runs.concurrencyGroup, group), eq(runs.subjectId, subjectId), inArray(runs.status, ACTIVE), eq(runs.isBehind, false)))
  return row
}

/** Whether all of these runs have ended. */
export const areRunsFinished = batched<string[], boolean>(async (asked) => {
  const rows = await db().select({ id: runs.id }).from(runs).where(and(inArray(runs.id, asked.flat()), inArray(runs.status, ACTIVE)))
  const active = new Set(rows.map(({ id }) => id))
  return asked.map(ids => !ids.some(id => active.has(id)))
})

/** The latest run of some workflows for each subject. */
export async function findLatestRunRows(workflows: readonly string[], subjectIds: string[]): Promise<RunRow[]> {
  if (!subjectIds.length) return []
  return db().selectDistinctOn([runs.subjectId]).from(runs)
    .where(and(inArray(runs.workflow, [...workflows]), inArray(runs.subjectId, subjectIds)))
    .orderBy(runs.subjectId, desc(runs.createdAt))
}

/** The runs of a chain, oldest first. */
export const listChain = (rootRunId: string, tx: Transaction | Database = db()): Promise<RunRow[]> =>
  tx.select().from(runs).where(eq(runs.rootRunId, rootRunId)).orderBy(runs.createdAt, runs.id)

interface RunFilter {
  page: number
  pageSize: number
  status?: RunStatus
  workflow?: string
  actor?: string
  subjectType?: string
  subjectId?: string
}

/** A page of the runs in the scope, newest first. */
export async function listRunRows({ page, pageSize, ...filter }: RunFilter, scope: Scope): Promise<Page<RunRow>> {
  const where = and(
    isAboutSubjectOf(scope, runs),
    filter.status ? eq(runs.status, filter.status) : undefined,
    filter.workflow ? eq(runs.workflow, filter.workflow) : undefined,
    filter.actor ? eq(runs.actor, filter.actor) : undefined,
    filter.subjectType ? eq(runs.subjectType, filter.subjectType) : undefined,
    filter.subjectId ? eq(runs.subjectId, filter.subjectId) : undefined,
  )
  const [items, [{ total } = { total: 0 }]] = await Promise.all([
    db().select().from(runs).where(where).orderBy(desc(runs.createdAt), runs.id).limit(pageSize).offset((page - 1) * pageSize),
    db().select({ total: count() }).from(runs).where(where),
  ])
  return { items, page, pageSize, total }
}

/** Runs that were dispatched more than `olderThanMs` ago and never claimed: their start was lost. */
export const listUnstartedRuns = (olderThanMs: number): Promise<{ id: string, workflow: string }[]> =>
  db().select({ id: runs.id, workflow: runs.workflow }).from(runs)
    .where(and(
      eq(runs.status, 'pending'), isNull(runs.runtimeRunId),
      sql`${runs.dispatchedAt} < now() - make_interval(secs => ${olderThanMs / 1000})`,
    ))
    .limit(100)
