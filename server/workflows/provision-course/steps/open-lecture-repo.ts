import { openRepo } from '../repos'
import { CRASH_PROOF } from '../../../../workflows.config'
import type { CourseRef } from '../types'

/** Gives the lecture its repository, protected and seeded. */
export async function openLectureRepo(course: CourseRef, name: string): Promise<void> {
  'use step'
  await openRepo(course, {
    item: 'main',
    name,
    description: `${course.name}, ${course.semester}`,
    title: course.name,
    steps: ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'],
  })
}
openLectureRepo.maxRetries = CRASH_PROOF
