import { findCoursePlan } from '../../../courses/queries'
import { retryWhenDue, fatalUnlessTransient, runConcurrently } from '../../../ledger'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { openRepo, wantedRepos } from '../../../courses/provisioning/repos'
import type { CourseRef } from '../types'

/** Gives the lecture and every group its repository, protected and seeded, each at its own pace. */
export async function openRepos(course: CourseRef): Promise<void> {
  'use step'
  const plan = await findCoursePlan(course.courseId).catch(fatalUnlessTransient)
  retryWhenDue(await runConcurrently(wantedRepos(plan), wanted => openRepo(course, plan, wanted)))
}
openRepos.maxRetries = UNLIMITED_RETRIES
