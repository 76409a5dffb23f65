import { findCoursePlan } from '../../../db/queries/courses'
import { comeBackFor, giveUpUnlessAway, sideBySide } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { openRepo, wantedRepos } from '../repos'
import type { CourseRef } from '../types'

/** Gives the lecture and every group its repository, protected and seeded, each at its own pace. */
export async function openRepos(course: CourseRef): Promise<void> {
  'use step'
  const plan = await findCoursePlan(course.courseId).catch(giveUpUnlessAway)
  comeBackFor(await sideBySide(wantedRepos(plan), wanted => openRepo(course, plan, wanted)))
}
openRepos.maxRetries = CRASH_PROOF
