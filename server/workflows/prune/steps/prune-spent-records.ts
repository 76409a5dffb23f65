import type { RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { keepDays } from '../../../lib/env'
import { deleteDeadProcesses, deleteSpentCodes, deleteSpentKeys, removeAll } from '../../../maintenance'

/** Removes spent idempotency keys, sign-in codes and dead processes. @returns how many */
export async function pruneSpentRecords(run: RunRef): Promise<number> {
  'use step'
  return removeAll(run, 'PRUNE_SPENT_RECORDS', () => deleteSpentKeys(keepDays().idempotency), deleteSpentCodes, deleteDeadProcesses)
}
pruneSpentRecords.maxRetries = UNLIMITED_RETRIES
