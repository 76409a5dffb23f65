import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'

/** Class of the session locks by which processes show that they live (server/db/queries/resources.ts). */
const PROCESS_LOCK = 4177
const EVERY_MS = 100

/** A thing that a process was making when it was killed. */
interface Orphan { id: string, runId: string, holder: string, killedAt: number }

/**
 * Measures how soon survivors go on. A process that is killed leaves the leases of what it was
 * making; a run has recovered when the first of its orphaned things is leased anew or made. Only
 * kills that leave a survivor beside a PostgreSQL that stays count: without them, nobody could.
 */
export interface Recovery {
  /** What the process is making at this moment; to be called right before it is killed. */
  held: (process: string) => Promise<Pick<Orphan, 'id' | 'runId' | 'holder'>[]>
  /** The process that held these was killed just now. */
  killed: (held: Pick<Orphan, 'id' | 'runId' | 'holder'>[]) => void
  /** Nobody can go on now: what was not recovered yet does not count. */
  forget: () => void
  /** Milliseconds from a kill to the next progress of each run that was under way there, and runs that showed none. */
  samples: () => { recovered: number[], open: number, forgotten: number }
}

export function watchRecovery(database: Database, signal: AbortSignal): Recovery {
  let orphans: Orphan[] = []
  let forgotten = 0
  const recovered: number[] = []

  async function look(): Promise<void> {
    const watched = orphans
    const rows = await database.ask(sql => sql<{ id: string, holder: string | null, made: boolean }[]>`
      select id, lease_holder as holder, made_at is not null as made from external_resources where id = any(${watched.map(({ id }) => id)})`)
    const states = new Map(rows.map(row => [row.id, row]))
    const now = Date.now()
    for (const { id, holder, runId, killedAt } of watched) {
      const state = states.get(id)
      if (!state || (!state.made && (state.holder === null || state.holder === holder)) || !orphans.some(orphan => orphan.runId === runId)) continue
      recovered.push(now - killedAt)
      orphans = orphans.filter(orphan => orphan.runId !== runId)
    }
  }

  void (async () => {
    while (!signal.aborted) {
      if (orphans.length && database.isUp()) await look().catch(() => {})
      await wait(EVERY_MS, undefined, { signal }).catch(() => {})
    }
  })()

  return {
    held: process => database.ask(async sql => [...await sql<Pick<Orphan, 'id' | 'runId' | 'holder'>[]>`
      select r.id, r.run_id as "runId", r.lease_holder as holder
      from external_resources r
      join processes p on p.id = r.lease_holder
      join pg_locks l on l.locktype = 'advisory' and l.classid = ${PROCESS_LOCK} and l.objid::bigint = p.lock_key and l.granted
      join pg_stat_activity a on a.pid = l.pid
      where r.made_at is null and a.usename = ${process}`]),
    killed(held) {
      const killedAt = Date.now()
      // A run that is orphaned a second time before it recovered is still the same wait.
      const known = new Set(orphans.map(({ id }) => id))
      orphans.push(...held.filter(({ id }) => !known.has(id)).map(orphan => ({ ...orphan, killedAt })))
    },
    forget() {
      forgotten += new Set(orphans.map(({ runId }) => runId)).size
      orphans = []
    },
    samples: () => ({ recovered: [...recovered], open: orphans.length, forgotten }),
  }
}
