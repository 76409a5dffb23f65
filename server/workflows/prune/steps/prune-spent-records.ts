import { deleteDeadProcesses, deleteSpentCodes, deleteSpentKeys } from '../../../db/queries/prune'
import { keepDays } from '../../../lib/env'
import { CRASH_PROOF } from '../../../../workflows.config'
import { removeAll } from '../work'

/** Removes idempotency keys, one-time codes and processes that have done their service. @returns how many */
export async function pruneSpentRecords(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_SPENT_RECORDS', () => deleteSpentKeys(keepDays().idempotency), deleteSpentCodes, deleteDeadProcesses)
}
pruneSpentRecords.maxRetries = CRASH_PROOF
