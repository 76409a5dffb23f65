import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'
import type { Stall } from './report.ts'
import type { ServerProcess } from './server-process.ts'

const POLL_INTERVAL_MS = 500

/**
 * Watches for stalls: runs that are due but make no progress, while PostgreSQL and a server are up.
 * @returns reads the longest stall so far
 */
export function watchStalls(database: Database, processes: ServerProcess[], signal: AbortSignal): () => Stall {
  let longest: Stall = { ms: 0, runId: null }
  let upSince = Date.now()

  async function check(): Promise<void> {
    const [run] = await database.query(sql => sql<{ id: string, ms: number }[]>`
      select r.id, (extract(epoch from now() - greatest(
        max(s.changed_at), max(s.next_attempt_at), r.created_at, r.started_at
      )) * 1000)::int as ms
      from job_executions r join provisioning_steps s on s.run_id = r.id
      where r.status in ('pending', 'running') group by r.id order by ms desc limit 1`)
    const ms = Math.min(run?.ms ?? 0, Date.now() - upSince)
    if (run && ms > longest.ms) longest = { ms, runId: run.id }
  }

  void (async () => {
    while (!signal.aborted) {
      if (database.isUp() && processes.some(process => process.isReady())) await check().catch(() => {})
      else upSince = Date.now()
      await wait(POLL_INTERVAL_MS, undefined, { signal }).catch(() => {})
    }
  })()

  return () => longest
}
