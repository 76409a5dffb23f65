import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db, type Transaction } from '../../db/client'
import { provisioningSteps, runs } from '../../db/schema'
import type { Failure } from '../../../shared/schemas/problem'
import type { RunStatus, StepStatus } from '../../../shared/schemas/run'
import type { Held } from './leases'
import { leaseAvailable } from './liveness'
import { hasOpenWait } from './waiting-runs'

/** One item of one step of one run. */
export interface ItemRef { runId: string, step: string, item: string }

/** An item to lease, with the process that wants it and the length of the lease. */
export interface WantedItem extends ItemRef { holder: string, leaseMs: number }

export type Begun
  = | { state: 'begun', attempt: number, held: Held, isAwaited: boolean }
    | { state: 'finished', status: StepStatus, result: unknown, isAwaited: boolean }
    | { state: 'early', inMs: number }
    | { state: 'busy' }
    | { state: 'cancelled' }

const t = provisioningSteps

interface BegunRow extends Record<string, unknown> { n: number, attempts: number, rowId: string, fence: number, isAwaited: boolean }

/**
 * Leases an item and begins it, or continues an interrupted one, which is not a new attempt. Otherwise
 * returns its result, when its next attempt is due, that another process works on it, or that its run was
 * cancelled: then no item of it begins any more.
 */
export const beginItem = batched<WantedItem, Begun>(async (refs) => {
  const begun = await db().execute<BegunRow>(sql`
    update ${t} s set
      attempts = s.attempts + (s.status = 'pending')::int, status = 'running',
      started_at = coalesce(s.started_at, now()), next_attempt_at = null, changed_at = now(),
      lease_holder = w.holder, leased_at = now(), leased_until = now() + w.lease_ms * interval '1 millisecond', fence = s.fence + 1
    from ${wanted(refs)}
    where s.run_id = w.run_id and s.name = w.step and s.item = w.item and ${ofTheirRuns(refs)}
      and (
        (s.status = 'pending' and coalesce(s.next_attempt_at, now()) <= now())
        or (s.status = 'running' and (s.lease_holder = w.holder or ${leaseAvailable(sql`s`, sql`w.holder`)})))
      and not exists (select 1 from ${runs} r where r.id = s.run_id and r.status = 'cancelled')
    returning w.n, s.attempts, s.id as "rowId", s.fence::int as fence, ${hasOpenWait(sql`s`)} as "isAwaited"`)
  const found = new Map<number, Begun>(begun.map(({ n, attempts, rowId, fence, isAwaited }) =>
    [n, { state: 'begun', attempt: attempts, held: { rowId, fence }, isAwaited }]))
  const others = refs.map((ref, n) => ({ ...ref, n })).filter(({ n }) => !found.has(n))
  if (others.length) for (const [n, state] of await itemStates(others)) found.set(n, state)
  return refs.map((ref, n) => {
    const state = found.get(n)
    if (!state) throw new Error(`The run ${ref.runId} has no item ${ref.item} of ${ref.step}.`)
    return state
  })
})

interface StateRow extends Record<string, unknown> {
  n: number
  status: StepStatus
  result: unknown
  inMs: number
  run: RunStatus
  isAwaited: boolean
}

async function itemStates(refs: (WantedItem & { n: number })[]): Promise<Map<number, Begun>> {
  const rows = await db().execute<StateRow>(sql`
    select w.n, s.status, s.result, greatest(0, extract(epoch from s.next_attempt_at - now()) * 1000)::float8 as "inMs",
      r.status as run, ${hasOpenWait(sql`s`)} as "isAwaited"
    from ${t} s, ${runs} r, ${wanted(refs)}
    where s.run_id = w.run_id and s.name = w.step and s.item = w.item and ${ofTheirRuns(refs)} and r.id = s.run_id`)
  return new Map(rows.map(row => [row.n, toBegun(row)]))
}

function toBegun({ status, result, inMs, run, isAwaited }: StateRow): Begun {
  if (status !== 'pending' && status !== 'running') return { state: 'finished', status, result, isAwaited }
  if (run === 'cancelled') return { state: 'cancelled' }
  return status === 'running' ? { state: 'busy' } : { state: 'early', inMs }
}

const wanted = (refs: readonly (WantedItem & { n?: number })[]) => sql`
  jsonb_to_recordset(${JSON.stringify(refs.map(({ runId, step, item, holder, leaseMs, n }, index) =>
    ({ n: n ?? index, run_id: runId, step, item, holder, lease_ms: leaseMs })))}::jsonb)
    as w(n int, run_id uuid, step text, item text, holder uuid, lease_ms int)`

/** Repeats the ids of the runs: the planner expects a hundred records, and would read the whole table for them. */
const ofTheirRuns = (refs: readonly ItemRef[]) => sql`s.run_id in ${[...new Set(refs.map(({ runId }) => runId))]}`

/** An item that this process works on. */
export interface HeldItem { runId: string, held: Held }

/** The item is done; its result is for the items that follow. */
export const completeItem = (item: HeldItem, result: unknown) => change({ ...item, status: 'completed', result })

/** The item is skipped for a reason that people should see. */
export const skipItem = (item: HeldItem, error: Failure) => change({ ...item, status: 'skipped', error })

/** The item failed for good. */
export const failItem = (item: HeldItem, error: Failure) => change({ ...item, status: 'failed', error })

/** The attempt failed; there will be another after `afterMs`. */
export const scheduleItem = (item: HeldItem, error: Failure, afterMs: number) => change({ ...item, status: 'pending', error, afterMs })

/** The attempt could not be made yet and does not count. */
export const postponeItem = (item: HeldItem, error: Failure, afterMs: number) =>
  change({ ...item, status: 'pending', error, afterMs, uncounted: true })

/** The item was not done because its run was cancelled; a retry does it. */
export const putBackItem = (item: HeldItem) => change({ ...item, status: 'pending', uncounted: true })

interface Change extends HeldItem { status: StepStatus, error?: Failure, result?: unknown, afterMs?: number, uncounted?: true }

/** Writes the outcomes of attempts. @returns for each false when the lease was lost: then another process decides */
const change = batched<Change, boolean>(async (changes) => {
  const records = changes.map(({ runId, held, afterMs, ...change }) =>
    ({ run_id: runId, row_id: held.rowId, fence: held.fence, after_ms: afterMs, ...change }))
  const rows = await db().execute<{ id: string, fence: number }>(sql`
    update ${t} s set
      status = w.status, error = w.error, result = w.result, changed_at = now(), lease_holder = null,
      next_attempt_at = now() + w.after_ms * interval '1 millisecond',
      finished_at = case when w.status <> 'pending' then now() end,
      attempts = greatest(s.attempts - coalesce(w.uncounted, false)::int, (w.status <> 'pending')::int)
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      as w(row_id uuid, fence bigint, status text, error jsonb, result jsonb, after_ms float8, uncounted boolean)
    where s.id = w.row_id and s.fence = w.fence and s.status = 'running' and s.id in ${records.map(record => record.row_id)}
    returning s.id, s.fence::int as fence`)
  const written = new Set(rows.map(({ id, fence }) => `${id} ${fence}`))
  return records.map(({ row_id, fence }) => written.has(`${row_id} ${fence}`))
})

/**
 * Gives a retry the items of the run that it retries: finished ones as they are, the others again.
 * @param again all of them again, as what was created has been rolled back; the ledger knows what is still there
 */
export async function copyItems(tx: Transaction, fromRunId: string, toRunId: string, again: boolean): Promise<void> {
  const kept = sql`(status = 'completed' and not ${again}::boolean)`
  await tx.execute(sql`
    insert into ${t} (run_id, name, item, position, service, creates, status, attempts, result, started_at, finished_at)
    select ${toRunId}, name, item, position, service, creates,
      case when ${kept} then status else 'pending' end,
      case when ${kept} then attempts else 0 end,
      case when ${kept} then result end,
      case when ${kept} then started_at end,
      case when ${kept} then finished_at end
    from ${t} where run_id = ${fromRunId}`)
}

export type ItemRow = typeof t.$inferSelect

/** All items of some runs, in the order of their plan. */
export const listItems = (runIds: string[]): Promise<ItemRow[]> => runIds.length
  ? db().select().from(t).where(inArray(t.runId, runIds)).orderBy(asc(t.runId), asc(t.position))
  : Promise.resolve([])

/** Makes an item that waits for a person due now. False when it does not wait any more. */
export async function makeItemDue({ runId, step, item }: ItemRef): Promise<boolean> {
  const rows = await db().update(t).set({ nextAttemptAt: sql`now()` })
    .where(and(eq(t.runId, runId), eq(t.name, step), eq(t.item, item), eq(t.status, 'pending')))
    .returning({ id: t.id })
  return rows.length > 0
}

/** Whether the run was cancelled. */
export const isRunCancelled = batched<string, boolean>(async (ids) => {
  const rows = await db().select({ id: runs.id }).from(runs)
    .where(and(inArray(runs.id, [...new Set(ids)]), eq(runs.status, 'cancelled')))
  const cancelled = new Set(rows.map(row => row.id))
  return ids.map(id => cancelled.has(id))
})
