import type { RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { keepDays } from '../../../lib/env'
import { deleteOldActions, deleteOldAudit, removeAll } from '../../../maintenance'

/** Removes old entries of both halves of the audit. @returns how many */
export async function pruneAuditLog(run: RunRef): Promise<number> {
  'use step'
  const { audit } = keepDays()
  return removeAll(run, 'PRUNE_AUDIT_LOG', () => deleteOldAudit(audit), () => deleteOldActions(audit))
}
pruneAuditLog.maxRetries = UNLIMITED_RETRIES
