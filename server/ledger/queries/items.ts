import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { batched } from '../../db/batch'
import { db, type Transaction } from '../../db/client'
import { provisioningSteps, runs } from '../../db/schema'
import type { Failure } from '../../../shared/schemas/problem'
import type { RunStatus, StepStatus } from '../../../shared/schemas/run'

/** One item of one step of one run. */
export interface ItemRef { runId: string, step: string, item: string }

export type Begun
  = | { state: 'begun', attempt: number }
    | { state: 'finished', status: StepStatus, result: unknown }
    | { state: 'early', at: Date }
    | { state: 'cancelled' }

const t = provisioningSteps

/**
 * Begins an item, or goes on with one that was interrupted: that counts as no new attempt.
 * Tells what became of it when it is finished, when its next attempt is due, or that its run
 * was cancelled: then nothing of it begins any more.
 */
export const beginItem = batched<ItemRef, Begun>(async (refs) => {
  const begun = await db().execute<{ n: number, attempts: number }>(sql`
    update ${t} s set
      attempts = s.attempts + (s.status = 'pending')::int, status = 'running',
      started_at = coalesce(s.started_at, now()), next_attempt_at = null, changed_at = now()
    from ${wanted(refs)}
    where s.run_id = w.run_id and s.name = w.step and s.item = w.item and ${ofTheir(refs)}
      and s.status in ('pending', 'running') and coalesce(s.next_attempt_at, now()) <= now()
      and not exists (select 1 from ${runs} r where r.id = s.run_id and r.status = 'cancelled')
    returning w.n, s.attempts`)
  const attempts = new Map(begun.map(row => [row.n, row.attempts]))
  const others = refs.map((ref, n) => ({ ...ref, n })).filter(({ n }) => !attempts.has(n))
  const states = others.length ? await itemStates(others) : new Map<number, Begun>()
  return refs.map((ref, n) => {
    const attempt = attempts.get(n)
    if (attempt !== undefined) return { state: 'begun', attempt }
    const state = states.get(n)
    if (!state) throw new Error(`The run ${ref.runId} has no item ${ref.item} of ${ref.step}.`)
    return state
  })
})

async function itemStates(refs: (ItemRef & { n: number })[]): Promise<Map<number, Begun>> {
  const rows = await db().execute<{ n: number, status: StepStatus, result: unknown, at: string | null, run: RunStatus }>(sql`
    select w.n, s.status, s.result, s.next_attempt_at as at, r.status as run from ${t} s, ${runs} r, ${wanted(refs)}
    where s.run_id = w.run_id and s.name = w.step and s.item = w.item and ${ofTheir(refs)} and r.id = s.run_id`)
  return new Map(rows.map(({ n, status, result, at, run }): [number, Begun] => {
    if (status !== 'pending' && status !== 'running') return [n, { state: 'finished', status, result }]
    return [n, run === 'cancelled' ? { state: 'cancelled' } : { state: 'early', at: at ? new Date(at) : new Date() }]
  }))
}

const wanted = (refs: readonly (ItemRef & { n?: number })[]) => sql`
  jsonb_to_recordset(${JSON.stringify(refs.map(({ runId, step, item, n }, index) => ({ n: n ?? index, run_id: runId, step, item })))}::jsonb)
    as w(n int, run_id uuid, step text, item text)`

/** Said beside the records themselves: the planner takes those for a hundred, and would read the whole table for them. */
const ofTheir = (refs: readonly ItemRef[]) => sql`s.run_id in ${[...new Set(refs.map(({ runId }) => runId))]}`

/** The item is done; its result is for the items that follow. */
export const completeItem = (ref: ItemRef, result: unknown) => change({ ...ref, status: 'completed', result })

/** The item is left out for a reason that people should see. */
export const skipItem = (ref: ItemRef, error: Failure) => change({ ...ref, status: 'skipped', error })

/** The item failed for good. */
export const failItem = (ref: ItemRef, error: Failure) => change({ ...ref, status: 'failed', error })

/** The attempt failed; there will be another at `at`. */
export const scheduleItem = (ref: ItemRef, error: Failure, at: Date) => change({ ...ref, status: 'pending', error, at })

/** The attempt could not be made yet and counts as none. */
export const postponeItem = (ref: ItemRef, error: Failure, at: Date) => change({ ...ref, status: 'pending', error, at, uncounted: true })

/** The item was not done because its run was cancelled meanwhile; a retry does it. */
export const putBackItem = (ref: ItemRef) => change({ ...ref, status: 'pending', uncounted: true })

interface Change extends ItemRef { status: StepStatus, error?: Failure, result?: unknown, at?: Date, uncounted?: true }

/**
 * Two executions may be at one item: how it ended for the one stays so, though the other has put
 * it off in the meantime. It is the first to end that the run goes on with.
 */
const change = batched<Change, undefined>(async (changes) => {
  const last = new Map<string, Change>()
  for (const one of changes) {
    const key = [one.runId, one.step, one.item].join(' ')
    if ((last.get(key)?.status ?? 'pending') === 'pending') last.set(key, one)
  }
  await db().execute(sql`
    update ${t} s set
      status = w.status, error = w.error, result = w.result, next_attempt_at = w.at, changed_at = now(),
      finished_at = case when w.status <> 'pending' then now() end,
      attempts = greatest(s.attempts - coalesce(w.uncounted, false)::int, (w.status <> 'pending')::int)
    from jsonb_to_recordset(${JSON.stringify([...last.values()].map(({ runId, ...change }) => ({ run_id: runId, ...change })))}::jsonb)
      as w(run_id uuid, step text, item text, status text, error jsonb, result jsonb, at timestamptz, uncounted boolean)
    where s.run_id = w.run_id and s.name = w.step and s.item = w.item and ${ofTheir(changes)}
      and (s.status = 'running' or (s.status = 'pending' and w.status <> 'pending'))`)
  return changes.map(() => undefined)
})

/**
 * Gives a retry the items of the run it takes up: finished ones as they are, the others anew.
 * @param anew all of them anew, as what was made has been taken back; the ledger knows what is still there
 */
export async function copyItems(tx: Transaction, fromRunId: string, toRunId: string, anew: boolean): Promise<void> {
  const kept = sql`(status = 'completed' and not ${anew}::boolean)`
  await tx.execute(sql`
    insert into ${t} (run_id, name, item, position, status, attempts, result, started_at, finished_at)
    select ${toRunId}, name, item, position,
      case when ${kept} then status else 'pending' end,
      case when ${kept} then attempts else 0 end,
      case when ${kept} then result end,
      case when ${kept} then started_at end,
      case when ${kept} then finished_at end
    from ${t} where run_id = ${fromRunId}`)
}

export type ItemRow = typeof t.$inferSelect

/** All items of some runs, in the order of their plan. */
export const listItems = (runIds: string[]): Promise<ItemRow[]> =>
  runIds.length ? db().select().from(t).where(inArray(t.runId, runIds)).orderBy(asc(t.runId), asc(t.position)) : Promise.resolve([])

/** What runs wait for that wait for a person, by the id of the run. */
export async function listWaits(runIds: string[]): Promise<Map<string, Failure>> {
  if (!runIds.length) return new Map()
  const rows = await db().select({ runId: t.runId, error: t.error }).from(t)
    .where(and(inArray(t.runId, runIds), eq(t.status, 'pending'), isNotNull(t.error)))
  return new Map(rows.map(({ runId, error }) => [runId, error!]))
}
