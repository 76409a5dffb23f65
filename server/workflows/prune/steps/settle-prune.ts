import { toFailure } from '../../../lib/errors'
import { CRASH_PROOF } from '../../../../workflows.config'
import { endRun } from '../../end'
import type { Removed } from '../types'

/** Ends the run by what became of its steps, with what they removed as its result. */
export async function settlePrune(runId: string, unforeseen: string | null, removed: Removed): Promise<void> {
  'use step'
  await endRun(runId, unforeseen === null ? null : toFailure(unforeseen), removed)
}
settlePrune.maxRetries = CRASH_PROOF
