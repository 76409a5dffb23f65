import { deleteOldAudit } from '../../../db/queries/prune'
import { keepDays } from '../../../lib/env'
import { CRASH_PROOF } from '../../../../workflows.config'
import { removeAll } from '../work'

/** Removes audit entries that are older than anybody asks for. @returns how many */
export async function pruneAuditLog(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_AUDIT_LOG', () => deleteOldAudit(keepDays().audit))
}
pruneAuditLog.maxRetries = CRASH_PROOF
