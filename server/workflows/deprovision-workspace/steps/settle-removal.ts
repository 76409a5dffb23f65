import { toFailure } from '../../../lib/errors'
import { CRASH_PROOF } from '../../../../workflows.config'
import { endRun } from '../../end'

/** Ends a run whose step broke off for a reason that nobody foresaw. */
export async function settleRemoval(runId: string, unforeseen: string): Promise<void> {
  'use step'
  await endRun(runId, toFailure(unforeseen))
}
settleRemoval.maxRetries = CRASH_PROOF
