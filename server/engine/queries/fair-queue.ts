import { sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { processes, runs } from '../../db/schema'

/** How many runs may be active at the same time, for each live process: of all actors, and of each. */
export interface ConcurrencyLimits { all: number, each: number }

/** A live process is never silent for this long. */
const SILENT = sql`interval '10 seconds'`

/** Runs that were dispatched and have not ended. One that waits for a person does not count. */
const isDispatched = sql`(${runs.status} = 'running' or (${runs.status} = 'pending' and ${runs.dispatchedAt} is not null))`
const queued = sql`${runs.status} = 'pending' and ${runs.dispatchedAt} is null`

/** A run that waits behind none of its group and subject: it is the next of them. */
const isFirst = sql`(not ${runs.isBehind} or not exists (
  select 1 from ${runs} other
  where other.concurrency_group = ${runs.concurrencyGroup} and other.subject_id = ${runs.subjectId}
    and other.status in ('pending', 'running', 'waiting') and other.id <> ${runs.id}
    and (not other.is_behind or (other.created_at, other.id) < (${runs.createdAt}, ${runs.id}))))`

/**
 * Queued runs in the order of the fair queue: the actor with the fewest dispatched runs comes first, then the oldest
 * run. `place` is the number of dispatched runs that its actor would have with it.
 */
const inOrder = sql`
  select ${runs.id}, ${runs.createdAt},
    coalesce(busy.count, 0) + row_number() over (partition by ${runs.actor} order by ${runs.createdAt}, ${runs.id}) as place
  from ${runs} left join (select actor, count(*) from ${runs} where ${isDispatched} group by actor) busy on busy.actor = ${runs.actor}
  where ${queued} and ${isFirst}`

/** A run to start now, with the seconds that it was queued. */
export interface DispatchedRun extends Record<string, unknown> { id: string, workflow: string, queuedSeconds: number }

/**
 * Dispatches the next queued runs, each once over all processes. Two processes that dispatch at the same moment choose
 * the same runs, and only one of them gets each. The queued runs that remain are notified.
 * @returns those to start now
 */
export const dispatchRuns = ({ all, each }: ConcurrencyLimits): Promise<DispatchedRun[]> => db().execute<DispatchedRun>(sql`
    with alive as (
        select greatest(count(*), 1) as count from ${processes} where ${processes.heartbeatAt} > now() - ${SILENT}),
      next as (
        select id from (${inOrder}) waiting
        where place <= ${each} * (select count from alive) order by place, created_at, id
        limit greatest(${all} * (select count from alive) - (select count(*) from ${runs} where ${isDispatched}), 0)),
      dispatched as (
        update ${runs} set dispatched_at = now(), is_behind = false
        where id in (select id from next) and ${queued}
        returning id, workflow, extract(epoch from now() - created_at)::float8 as "queuedSeconds")
    select id, workflow, "queuedSeconds", pg_notify('run_changed', '- queue') from dispatched`)

/** Notifies the queued runs that they have moved up, when one of them left without having been dispatched. */
export const notifyQueueMoved = (tx: Transaction): Promise<unknown> => tx.execute(sql`select pg_notify('run_changed', '- queue')`)

/** How many queued runs start before each of these; those that are not queued are left out. */
export async function countQueuedBefore(runIds: string[]): Promise<Map<string, number>> {
  if (!runIds.length) return new Map()
  const rows = await db().execute<{ id: string, before: number }>(sql`
    select id, before::int from (
      select id, row_number() over (order by place, created_at, id) - 1 as before from (${inOrder}) waiting) places
    where id in ${runIds}`)
  return new Map(rows.map(({ id, before }) => [id, before]))
}

/** How many runs are queued, of an actor and of all. */
export async function measureQueue(tx: Transaction, actor: string): Promise<{ own: number, all: number }> {
  const [row] = await tx.execute<{ own: number, all: number }>(sql`
    select (count(*) filter (where ${runs.actor} = ${actor}))::int as own, count(*)::int as all from ${runs} where ${queued}`)
  return row!
}

/** How many runs ended in the last minute, of an actor and of all. */
export async function countEnded(actor: string): Promise<{ own: number, all: number }> {
  const [row] = await db().execute<{ own: number, all: number }>(sql`
    select (count(*) filter (where ${runs.actor} = ${actor}))::int as own, count(*)::int as all
    from ${runs} where ${runs.finishedAt} > now() - interval '1 minute'`)
  return row!
}
