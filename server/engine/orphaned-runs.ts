import { getRun } from 'workflow/api'
import { log } from '../lib/log'
import { listStalledRuns } from './queries/runs'
import { settleOrphanedRun } from './ended-by-runtime'

/** Longer than a step may take on Vercel. */
const STALLED_MS = 15 * 60_000
const ENDED = ['completed', 'failed', 'cancelled']

/**
 * Lets runs fail that the runtime has ended by itself, so that they can be retried. Asks the runtime
 * about each run in which nothing has moved for long: only where it is on PostgreSQL can the
 * watchdog read it all at once.
 */
export async function settleOrphanedRuns(): Promise<void> {
  for (const { runId, runtimeRunId } of await listStalledRuns(STALLED_MS)) {
    const status = await getRun(runtimeRunId).status.catch((error: unknown) => log.warn({ error, runId }, 'The runtime does not say how this run is.'))
    if (!status || !ENDED.includes(status)) continue
    await settleOrphanedRun(runId, runtimeRunId, status)
  }
}
