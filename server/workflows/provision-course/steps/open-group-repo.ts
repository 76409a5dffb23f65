import { openRepo } from '../repos'
import { groupItem } from '../../../../shared/utils/course-steps'
import { CRASH_PROOF } from '../../../../workflows.config'
import type { CourseRef, GroupPlan } from '../types'

/** Gives a group its repository, protected and seeded. */
export async function openGroupRepo(course: CourseRef, { number, name, githubRepoName }: GroupPlan): Promise<void> {
  'use step'
  await openRepo(course, {
    item: groupItem(number),
    name: githubRepoName,
    description: `${course.name}, ${course.semester}, group ${number} ${name}`,
    title: `${course.name}: group ${number} ${name}`,
    groupNumber: number,
    steps: ['CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT'],
  })
}
openGroupRepo.maxRetries = CRASH_PROOF
