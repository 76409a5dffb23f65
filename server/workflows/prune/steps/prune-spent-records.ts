import { deleteDeadProcesses, deleteSpentCodes, deleteSpentKeys } from '../../../maintenance/queries'
import { keepDays } from '../../../lib/env'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { removeAll } from '../../../maintenance/prune'

/** Removes idempotency keys, one-time codes and processes that have done their service. @returns how many */
export async function pruneSpentRecords(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_SPENT_RECORDS', () => deleteSpentKeys(keepDays().idempotency), deleteSpentCodes, deleteDeadProcesses)
}
pruneSpentRecords.maxRetries = UNLIMITED_RETRIES
