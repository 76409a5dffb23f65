import { deleteDeadJobs } from '../../../maintenance/queries'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { removeAll } from '../../../maintenance/prune'

/** Removes jobs of the runtime's queue that nobody works on any more. @returns how many */
export async function pruneDeadJobs(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_DEAD_JOBS', deleteDeadJobs)
}
pruneDeadJobs.maxRetries = UNLIMITED_RETRIES
