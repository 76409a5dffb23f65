import { getWorld } from 'workflow/runtime'
import { toFailure } from '../lib/errors'
import { log } from '../lib/log'
import { settleRun } from './queries/runs'

/** Ends a run that the runtime has ended by itself, without our last step, as failed, with what the runtime says of it; then it can be retried. */
export async function settleOrphanedRun(runId: string, runtimeRunId: string, ended: string): Promise<void> {
  const { error } = await getWorld().runs.get(runtimeRunId)
  log.warn({ runId, ended, error }, 'The runtime has ended this run by itself; it counts as failed.')
  await settleRun(runId, toFailure(`The workflow runtime ended this run as ${ended}${error?.message ? `: ${error.message}` : '.'}`))
}
