import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'
import type { Process } from './fleet.ts'

const EVERY_MS = 500

/**
 * Watches for runs in which nothing moves though they are due, PostgreSQL is up and a server is there.
 * @returns the longest such silence so far
 */
export function watchSilence(database: Database, fleet: Process[], signal: AbortSignal): () => { ms: number, runId: string | null } {
  let longest: { ms: number, runId: string | null } = { ms: 0, runId: null }
  let possibleSince = Date.now()

  async function look(): Promise<void> {
    const [run] = await database.ask(sql => sql<{ id: string, ms: number }[]>`
      select r.id, (extract(epoch from now() - greatest(max(s.changed_at), max(s.next_attempt_at), r.created_at, r.started_at)) * 1000)::int as ms
      from job_executions r join provisioning_steps s on s.run_id = r.id
      where r.status in ('pending', 'running') group by r.id order by ms desc limit 1`)
    const ms = Math.min(run?.ms ?? 0, Date.now() - possibleSince)
    if (run && ms > longest.ms) longest = { ms, runId: run.id }
  }

  void (async () => {
    while (!signal.aborted) {
      if (database.isUp() && fleet.some(process => process.isUp())) await look().catch(() => {})
      else possibleSince = Date.now()
      await wait(EVERY_MS, undefined, { signal }).catch(() => {})
    }
  })()

  return () => longest
}
