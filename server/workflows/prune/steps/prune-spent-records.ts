import type { RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { keepDays } from '../../../lib/env'
import { deleteDeadProcesses, deleteSpentCodes, deleteSpentKeys, deleteSpentSessions, removeAll } from '../../../maintenance'

/** Removes spent idempotency keys, sign-in codes, sessions and dead processes. @returns how many */
export async function pruneSpentRecords(run: RunRef): Promise<number> {
  'use step'
  const keys = () => deleteSpentKeys(keepDays().idempotency)
  return removeAll(run, 'PRUNE_SPENT_RECORDS', keys, deleteSpentCodes, deleteSpentSessions, deleteDeadProcesses)
}
pruneSpentRecords.maxRetries = UNLIMITED_RETRIES
