import { findCoursePlan } from '../../../db/queries/courses'
import { claimRun } from '../../../db/queries/runs'
import { CRASH_PROOF } from '../../../../workflows.config'
import { hasLecture, needsGroups } from '../../../../shared/utils/course-steps'
import type { CoursePlan } from '../types'

/** Claims the run for this execution and reads what is to be made; null when another execution has the run. */
export async function claimCourse(runId: string, runtimeRunId: string): Promise<CoursePlan | null> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  const course = run && await findCoursePlan(run.subjectId)
  if (!course) return null
  return {
    course: { runId, courseId: course.id, name: course.name, semester: course.semester, createdAt: course.createdAt.toISOString() },
    hasLecture: hasLecture(course.type),
    hasGroups: needsGroups(course.type),
    hasServer: course.discordGuildId !== null,
  }
}
claimCourse.maxRetries = CRASH_PROOF
