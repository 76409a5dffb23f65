import { claimRun } from '../../../engine/queries/runs'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import type { RollbackRef } from '../types'

/** Claims the run for this execution; null when another execution has it. */
export async function claimRollback(runId: string, runtimeRunId: string): Promise<RollbackRef | null> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  return run ? { runId, courseId: run.subjectId } : null
}
claimRollback.maxRetries = UNLIMITED_RETRIES
