import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'

/** Class of the advisory locks that are the processes' heartbeats (server/ledger/queries/liveness.ts). */
const PROCESS_LOCK = 4177
const POLL_INTERVAL_MS = 100

/** A lease on a resource that a process is creating. */
interface Lease { id: string, runId: string, holder: string }

interface OrphanedLease extends Lease { killedAt: number }

/**
 * Measures recovery times. A killed process leaves leases on the resources that it was creating. A run has recovered
 * when a survivor leases, or has created, the first of its resources. Kills without a survivor, while PostgreSQL is
 * down or while a process is frozen, do not count.
 */
export interface Recovery {
  /** The leases of a process. The injector reads them directly before a kill. */
  leasesOf: (process: string) => Promise<Lease[]>
  /** Starts the measurement: the holder of these leases has just been killed. */
  recordKill: (leases: Lease[]) => void
  /** Stops all measurements, because no process can recover runs now. */
  discard: () => void
  /** Recovery times in milliseconds, and the number of leases that no survivor has taken over. */
  results: () => { recovered: number[], open: number, discarded: number }
}

export function watchRecovery(database: Database, signal: AbortSignal): Recovery {
  let orphans: OrphanedLease[] = []
  let discarded = 0
  const recovered: number[] = []

  async function check(): Promise<void> {
    const watched = orphans
    const rows = await database.query(sql => sql<{ id: string, holder: string | null, isCreated: boolean }[]>`
      select id, lease_holder as holder, made_at is not null as "isCreated"
      from external_resources where id = any(${watched.map(({ id }) => id)})`)
    const states = new Map(rows.map(row => [row.id, row]))
    const now = Date.now()
    for (const { id, holder, runId, killedAt } of watched) {
      const state = states.get(id)
      const hasNewHolder = state && state.holder !== null && state.holder !== holder
      if (!state?.isCreated && !hasNewHolder) continue
      if (!orphans.some(orphan => orphan.runId === runId)) continue
      recovered.push(now - killedAt)
      orphans = orphans.filter(orphan => orphan.runId !== runId)
    }
  }

  void (async () => {
    while (!signal.aborted) {
      if (orphans.length && database.isUp()) await check().catch(() => {})
      await wait(POLL_INTERVAL_MS, undefined, { signal }).catch(() => {})
    }
  })()

  return {
    leasesOf: process => database.query(async sql => [...await sql<Lease[]>`
      select r.id, r.run_id as "runId", r.lease_holder as holder
      from external_resources r
      join processes p on p.id = r.lease_holder
      join pg_locks l on l.locktype = 'advisory' and l.classid = ${PROCESS_LOCK} and l.objid::bigint = p.lock_key and l.granted
      join pg_stat_activity a on a.pid = l.pid
      where r.made_at is null and a.usename = ${process}`]),
    recordKill(leases) {
      const killedAt = Date.now()
      // A second kill before the recovery of a run extends the same measurement.
      const known = new Set(orphans.map(({ id }) => id))
      orphans.push(...leases.filter(({ id }) => !known.has(id)).map(lease => ({ ...lease, killedAt })))
    },
    discard() {
      discarded += new Set(orphans.map(({ runId }) => runId)).size
      orphans = []
    },
    results: () => ({ recovered: [...recovered], open: orphans.length, discarded }),
  }
}
