import { sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { processes, runs } from '../../db/schema'
import type { WorkflowName } from '../../../workflows.config'

/** How many runs may be under way at the same time, for each process that lives. */
export interface ConcurrencyLimits { all: number, each: number }

/** Longer than a process that lives is silent. */
const SILENT = sql`interval '10 seconds'`

/** Runs that have had their turn. One that waits for a person holds nobody up. */
const underWay = sql`(${runs.status} = 'running' or (${runs.status} = 'pending' and ${runs.dispatchedAt} is not null))`
const queued = sql`${runs.status} = 'pending' and ${runs.dispatchedAt} is null`

/**
 * Queued runs in the order of their turns: whoever has the fewest under way comes first, then
 * who asked first. `place` is how many its actor would have under way with it.
 */
const inTurn = sql`
  select ${runs.id}, ${runs.createdAt}, coalesce(busy.count, 0) + row_number() over (partition by ${runs.actor} order by ${runs.createdAt}, ${runs.id}) as place
  from ${runs} left join (select actor, count(*) from ${runs} where ${underWay} group by actor) busy on busy.actor = ${runs.actor}
  where ${queued}`

/**
 * Calls the queued runs whose turn it is, each once over all processes. Two processes that call
 * at the same moment choose the same ones, and each gets its own. Those that still wait are told that they have moved up.
 * @returns those to start now
 */
export const dispatchRuns = ({ all, each }: ConcurrencyLimits): Promise<{ id: string, workflow: WorkflowName }[]> => db().execute<{ id: string, workflow: WorkflowName }>(sql`
  with alive as (select greatest(count(*), 1) as count from ${processes} where ${processes.heartbeatAt} > now() - ${SILENT}),
    next as (
      select id from (${inTurn}) waiting where place <= ${each} * (select count from alive) order by place, created_at, id
      limit greatest(${all} * (select count from alive) - (select count(*) from ${runs} where ${underWay}), 0)),
    called as (update ${runs} set dispatched_at = now() where id in (select id from next) and ${queued} returning id, workflow)
  select id, workflow, pg_notify('run_changed', '- turns') from called`)

/** Tells the queued runs that they have moved up, where one of them left without having been called. */
export const notifyQueueMoved = (tx: Transaction): Promise<unknown> => tx.execute(sql`select pg_notify('run_changed', '- turns')`)

/** How many queued runs have their turn before each of these; those that are not queued are left out. */
export async function countQueuedBefore(runIds: string[]): Promise<Map<string, number>> {
  if (!runIds.length) return new Map()
  const rows = await db().execute<{ id: string, before: number }>(sql`
    select id, before::int from (select id, row_number() over (order by place, created_at, id) - 1 as before from (${inTurn}) waiting) places
    where id in ${runIds}`)
  return new Map(rows.map(({ id, before }) => [id, before]))
}

/** How many runs are queued, of an actor and of all, and how many ended in the last minute. */
export async function measureQueue(tx: Transaction, actor: string): Promise<{ own: number, all: number }> {
  const [row] = await tx.execute<{ own: number, all: number }>(sql`
    select (count(*) filter (where ${runs.actor} = ${actor}))::int as own, count(*)::int as all from ${runs} where ${queued}`)
  return row!
}

/** Runs that ended in the last minute, of an actor and of all. */
export async function countEnded(actor: string): Promise<{ own: number, all: number }> {
  const [row] = await db().execute<{ own: number, all: number }>(sql`
    select (count(*) filter (where ${runs.actor} = ${actor}))::int as own, count(*)::int as all from ${runs} where ${runs.finishedAt} > now() - interval '1 minute'`)
  return row!
}
