import { findCoursePlan } from '../../../db/queries/courses'
import { comeBackFor } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { openRepo } from '../repos'
import type { CourseRef } from '../types'

/** Gives the lecture its repository, protected and seeded. */
export async function openLectureRepo(course: CourseRef): Promise<void> {
  'use step'
  const { githubRepoName } = await findCoursePlan(course.courseId)
  comeBackFor(await openRepo(course, {
    item: 'main',
    name: githubRepoName!,
    description: `${course.name}, ${course.semester}`,
    title: course.name,
    steps: ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'],
  }))
}
openLectureRepo.maxRetries = CRASH_PROOF
