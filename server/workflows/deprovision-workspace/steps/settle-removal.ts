import { toFailure } from '../../../lib/errors'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { endRun } from '../../../engine/settle'

/** Ends a run whose step broke off for a reason that nobody foresaw. */
export async function settleRemoval(runId: string, unexpected: string): Promise<void> {
  'use step'
  await endRun(runId, toFailure(unexpected))
}
settleRemoval.maxRetries = UNLIMITED_RETRIES
