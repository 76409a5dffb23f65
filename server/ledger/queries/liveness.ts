import { sql, type SQL } from 'drizzle-orm'
import { processes } from '../../db/schema'

/** Class of the advisory locks that prove processes alive. */
export const PROCESS_LOCK = 4177

/** A process that only lost the connection of its lock still sends a heartbeat every second. */
const SILENT = sql`interval '3 seconds'`
/** A process that missed heartbeats waits this long before it declares others dead: the same outage may have hit them. */
const GAP = sql`interval '4 seconds'`
/** A restart of PostgreSQL drops all locks; every live process is back within this time. */
const RECONNECT = sql`interval '8 seconds'`
/** By the clients' own timeouts, every call of a process has ended this long after its last heartbeat. */
const CALLS_OVER = sql`interval '20 seconds'`

const holdsNoLock = (process: SQL) => sql`not exists (
  select 1 from pg_locks l
  where l.locktype = 'advisory' and l.classid = ${PROCESS_LOCK} and l.objid::bigint = ${process}.lock_key and l.granted)`

const isHealthy = (judge: SQL) => sql`exists (
  select 1 from ${processes} judge
  where judge.id = ${judge} and judge.heartbeat_at > now() - ${GAP} and judge.healthy_since < now() - ${GAP})`

/**
 * Whether a process is dead: it holds no lock and its heartbeat has stopped, as seen by a process that was
 * connected all the while.
 * @param process alias of its row in `processes`
 * @param judge id of the process that asks
 */
export const isDead = (process: SQL, judge: SQL) => sql`(
  ${process}.heartbeat_at < now() - ${SILENT}
  and (
    ${process}.heartbeat_at > pg_postmaster_start_time()
    or pg_postmaster_start_time() < now() - ${RECONNECT}
    or ${process}.heartbeat_at < now() - ${CALLS_OVER})
  and ${isHealthy(judge)} and ${holdsNoLock(process)})`

/** Whether no call of a process can still take effect: it is dead, or was cut off for longer than any call takes. */
export const isHarmless = (process: SQL, judge: SQL) => sql`(
  ${isDead(process, judge)} or (${process}.heartbeat_at < now() - ${CALLS_OVER} and ${holdsNoLock(process)}))`

/** Since when a process sends heartbeats without a gap, if it sends one now. It knows nothing of the time before PostgreSQL started. */
export const healthyFromNow = {
  first: sql`case when pg_postmaster_start_time() > now() - ${RECONNECT} then now() else '-infinity' end`,
  again: sql`case when ${processes.heartbeatAt} < now() - ${GAP} then now() else ${processes.healthySince} end`,
}

/** The last call of a dead process may still take effect within this time after its lease was taken or confirmed. */
export const SETTLE_MS = 2_000
export const SETTLE = sql`${SETTLE_MS} * interval '1 millisecond'`

/**
 * Whether the lease on a row is available: it was released, has expired, or its holder died.
 * @param row alias of a row with lease_holder, leased_at and leased_until
 * @param judge id of the process that asks
 */
export const leaseAvailable = (row: SQL, judge: SQL) => sql`(
  ${row}.lease_holder is null or ${row}.leased_until < now()
  or (${row}.leased_at < now() - ${SETTLE} and exists (
    select 1 from ${processes} p where p.id = ${row}.lease_holder and ${isHarmless(sql`p`, judge)})))`
