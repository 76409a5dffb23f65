import type { RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { keepDays } from '../../../lib/env'
import { deleteOldAudit, removeAll } from '../../../maintenance'

/** Removes old audit entries. @returns how many */
export async function pruneAuditLog(run: RunRef): Promise<number> {
  'use step'
  return removeAll(run, 'PRUNE_AUDIT_LOG', () => deleteOldAudit(keepDays().audit))
}
pruneAuditLog.maxRetries = UNLIMITED_RETRIES
