import { sql, type SQL } from 'drizzle-orm'
import { processes } from '../../db/schema'

/** Class of the advisory locks by which processes show that they live. */
export const PROCESS_LOCK = 4177

/** A process that only lost the connection of its lock still shows that it lives, every second. */
const SILENT = sql`interval '3 seconds'`
/** After a gap of its own a process waits this long before it takes others for dead: they were cut off with it, and come back as it did. */
const GAP = sql`interval '4 seconds'`
/** A restart of PostgreSQL drops all locks; who lives is back within this time of it. */
const BACK = sql`interval '8 seconds'`
/** Whatever a process was calling when it was last heard of has ended by now, by the clients' own timeouts. */
const CALLS_OVER = sql`interval '20 seconds'`

const holdsNoLock = (process: SQL) => sql`not exists (
  select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${PROCESS_LOCK} and l.objid::bigint = ${process}.lock_key and l.granted)`

const isSteady = (judge: SQL) => sql`exists (
  select 1 from ${processes} judge where judge.id = ${judge} and judge.heartbeat_at > now() - ${GAP} and judge.healthy_since < now() - ${GAP})`

/**
 * Whether a process is dead: it holds no lock and its heart has stopped, as seen by a judge that was
 * connected all the while.
 * @param process alias of its row in `processes`
 * @param judge id of the process that asks
 */
export const isDead = (process: SQL, judge: SQL) => sql`(
  ${process}.heartbeat_at < now() - ${SILENT}
  and (${process}.heartbeat_at > pg_postmaster_start_time() or pg_postmaster_start_time() < now() - ${BACK} or ${process}.heartbeat_at < now() - ${CALLS_OVER})
  and ${isSteady(judge)} and ${holdsNoLock(process)})`

/** Whether nothing that a process was at can still take effect: it is dead, or was cut off for longer than any call takes. */
export const isHarmless = (process: SQL, judge: SQL) => sql`(
  ${isDead(process, judge)} or (${process}.heartbeat_at < now() - ${CALLS_OVER} and ${holdsNoLock(process)}))`

/** Since when a process's heart beats without a gap, if it shows itself now. One that starts just after PostgreSQL did has missed what was before. */
export const healthyFromNow = {
  first: sql`case when pg_postmaster_start_time() > now() - ${BACK} then now() else '-infinity' end`,
  again: sql`case when ${processes.heartbeatAt} < now() - ${GAP} then now() else ${processes.healthySince} end`,
}
