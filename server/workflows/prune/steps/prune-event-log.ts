import { deleteEndedExecutions } from '../../../db/queries/prune'
import { keepDays } from '../../../lib/env'
import { CRASH_PROOF } from '../../../../workflows.config'
import { removeAll } from '../work'

/** Removes executions that the runtime ended long ago, with all their events. @returns how many */
export async function pruneEventLog(runId: string): Promise<number> {
  'use step'
  return removeAll(runId, 'PRUNE_EVENT_LOG', () => deleteEndedExecutions(keepDays().eventLog))
}
pruneEventLog.maxRetries = CRASH_PROOF
