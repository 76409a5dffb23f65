import { claimRun } from '../../../db/queries/runs'
import { CRASH_PROOF } from '../../../../workflows.config'
import type { TakeBackRef } from '../types'

/** Claims the run for this execution; null when another execution has it. */
export async function claimTakeBack(runId: string, runtimeRunId: string): Promise<TakeBackRef | null> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  return run ? { runId, courseId: run.subjectId } : null
}
claimTakeBack.maxRetries = CRASH_PROOF
