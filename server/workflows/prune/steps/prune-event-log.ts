import { deleteEndedExecutions } from '../../../maintenance/queries'
import { keepDays } from '../../../lib/env'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { removeAll } from '../../../maintenance/prune'

/** Removes executions that the runtime ended long ago, with all their events. @returns how many */
export async function pruneEventLog(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_EVENT_LOG', () => deleteEndedExecutions(keepDays().eventLog))
}
pruneEventLog.maxRetries = UNLIMITED_RETRIES
