import { findCoursePlan } from '../../../db/queries/courses'
import { claimRun } from '../../../db/queries/runs'
import { giveUpUnlessAway } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import type { CoursePlan } from '../types'

/** Claims the run for this execution; null when another execution has it. */
export async function claimCourse(runId: string, runtimeRunId: string): Promise<CoursePlan | null> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  if (!run) return null
  const { id, discordGuildId } = await findCoursePlan(run.subjectId).catch(giveUpUnlessAway)
  return { course: { runId, courseId: id }, hasServer: discordGuildId !== null }
}
claimCourse.maxRetries = CRASH_PROOF
