import { findCoursePlan } from '../../../courses/queries'
import { claimRun } from '../../../engine/queries/runs'
import { fatalUnlessTransient } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import type { CoursePlan } from '../types'

/** Claims the run for this execution; null when another execution has it. */
export async function claimCourse(runId: string, runtimeRunId: string): Promise<CoursePlan | null> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  if (!run) return null
  const { id, discordGuildId } = await findCoursePlan(run.subjectId).catch(fatalUnlessTransient)
  return { course: { runId, courseId: id }, hasServer: discordGuildId !== null }
}
claimCourse.maxRetries = UNLIMITED_RETRIES
