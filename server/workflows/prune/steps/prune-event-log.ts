import type { RunRef } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { keepDays } from '../../../lib/env'
import { deleteEndedExecutions, removeAll } from '../../../maintenance'

/** Removes executions that the runtime ended long ago, with all their events. @returns how many */
export async function pruneEventLog(run: RunRef): Promise<number> {
  'use step'
  return removeAll(run, 'PRUNE_EVENT_LOG', () => deleteEndedExecutions(keepDays().eventLog))
}
pruneEventLog.maxRetries = UNLIMITED_RETRIES
