import { toFailure } from '../../../lib/errors'
import { endRun } from '../../../engine/settle'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'

/** Ends the run by what became of its items. */
export async function settleRollback(runId: string, unexpected: string | null): Promise<void> {
  'use step'
  await endRun(runId, unexpected === null ? null : toFailure(unexpected))
}
settleRollback.maxRetries = UNLIMITED_RETRIES
