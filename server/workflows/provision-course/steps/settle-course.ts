import { toFailure } from '../../../lib/errors'
import { CRASH_PROOF } from '../../../../workflows.config'
import { endRun } from '../../end'

/** Ends the run by what became of its items. */
export async function settleCourse(runId: string, unforeseen: string | null): Promise<void> {
  'use step'
  await endRun(runId, unforeseen === null ? null : toFailure(unforeseen))
}
settleCourse.maxRetries = CRASH_PROOF
