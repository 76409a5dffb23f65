import { toFailure } from '../../../lib/errors'
import { endRun } from '../../end'
import { CRASH_PROOF } from '../../../../workflows.config'

/** Ends the run by what became of its items. */
export async function settleTakeBack(runId: string, unforeseen: string | null): Promise<void> {
  'use step'
  await endRun(runId, unforeseen === null ? null : toFailure(unforeseen))
}
settleTakeBack.maxRetries = CRASH_PROOF
