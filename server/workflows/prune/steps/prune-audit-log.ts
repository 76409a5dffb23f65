import { deleteOldAudit } from '../../../maintenance/queries'
import { keepDays } from '../../../lib/env'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { removeAll } from '../../../maintenance/prune'

/** Removes audit entries that are older than anybody asks for. @returns how many */
export async function pruneAuditLog(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_AUDIT_LOG', () => deleteOldAudit(keepDays().audit))
}
pruneAuditLog.maxRetries = UNLIMITED_RETRIES
