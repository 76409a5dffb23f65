import { toFailure } from '../../../lib/errors'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { endRun } from '../../../engine/settle'
import type { Removed } from '../types'

/** Ends the run by what became of its steps, with what they removed as its result. */
export async function settlePrune(runId: string, unexpected: string | null, removed: Removed): Promise<void> {
  'use step'
  await endRun(runId, unexpected === null ? null : toFailure(unexpected), removed)
}
settlePrune.maxRetries = UNLIMITED_RETRIES
