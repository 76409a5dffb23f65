import type { RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { deleteDeadJobs, removeAll } from '../../../maintenance'

/** Removes jobs of the runtime's queue that nobody works on any more. @returns how many */
export async function pruneDeadJobs(run: RunRef): Promise<number> {
  'use step'
  return removeAll(run, 'PRUNE_DEAD_JOBS', deleteDeadJobs)
}
pruneDeadJobs.maxRetries = UNLIMITED_RETRIES
