import { claimRun } from '../../../db/queries/runs'
import { CRASH_PROOF } from '../../../../workflows.config'
import type { WorkspaceRef } from '../types'

/** Claims the run for this execution; null when another execution has it. */
export async function claimWorkspace(runId: string, runtimeRunId: string): Promise<WorkspaceRef | null> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  return run ? { runId, workspaceId: run.subjectId } : null
}
claimWorkspace.maxRetries = CRASH_PROOF
