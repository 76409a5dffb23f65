import { deleteDeadJobs } from '../../../db/queries/prune'
import { CRASH_PROOF } from '../../../../workflows.config'
import { removeAll } from '../work'

/** Removes jobs of the runtime's queue that nobody works on any more. @returns how many */
export async function pruneDeadJobs(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_DEAD_JOBS', deleteDeadJobs)
}
pruneDeadJobs.maxRetries = CRASH_PROOF
