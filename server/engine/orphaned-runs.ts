import { log } from '../lib/log'
import { failure } from '../lib/messages'
import { redact } from '../lib/redact'
import type { OrphanedRun } from './queries/runtime'
import { endRun } from './dispatch'
import { listStalledRuns } from './queries/stalled-runs'
import { executionError, executionStatus } from './runtime/adapter'

/** Longer than a step may take on Vercel. */
const STALLED_MS = 15 * 60_000
const ENDED = ['completed', 'failed', 'cancelled']

/** Ends a run as failed whose execution the runtime has ended without our last step; then it can be retried. */
export async function settleOrphanedRun({ runId, runtimeRunId, ended }: OrphanedRun): Promise<void> {
  const said = redact(await executionError(runtimeRunId) ?? '')
  log.warn({ runId, ended, said }, 'The runtime has ended this run by itself. Atelier records it as failed.')
  const details = { status: ended, said }
  await endRun(runId, said ? failure('ENDED_BY_RUNTIME_SAYING', details) : failure('ENDED_BY_RUNTIME', details))
}

/**
 * Settles runs that the runtime has ended by itself, so that they can be retried. Asks the runtime about each run
 * without progress for long: only a runtime on PostgreSQL lets the watchdog read all of them at once.
 */
export async function settleOrphanedRuns(): Promise<void> {
  for (const { runId, runtimeRunId } of await listStalledRuns(STALLED_MS)) {
    const ended = await executionStatus(runtimeRunId).catch((error: unknown) => {
      log.warn({ error, runId }, 'The runtime did not report the state of this run.')
    })
    if (ended && ENDED.includes(ended)) await settleOrphanedRun({ runId, runtimeRunId, ended })
  }
}
