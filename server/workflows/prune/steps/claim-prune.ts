import { claimRun } from '../../../engine/queries/runs'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'

/** Claims the run for this execution; false when another execution has it. */
export async function claimPrune(runId: string, runtimeRunId: string): Promise<boolean> {
  'use step'
  return await claimRun(runId, runtimeRunId) !== undefined
}
claimPrune.maxRetries = UNLIMITED_RETRIES
