import { findCoursePlan } from '../../../db/queries/courses'
import { comeBackFor, sideBySide } from '../../../ledger'
import { CRASH_PROOF } from '../../../../workflows.config'
import { groupItem } from '../../../../shared/utils/course-steps'
import { openRepo } from '../repos'
import type { CourseRef } from '../types'

/** Gives every group its repository, protected and seeded, each group at its own pace. */
export async function openGroupRepos(course: CourseRef): Promise<void> {
  'use step'
  const { labGroups } = await findCoursePlan(course.courseId)
  comeBackFor(await sideBySide(labGroups, ({ number, name, githubRepoName }) => openRepo(course, {
    item: groupItem(number),
    name: githubRepoName,
    description: `${course.name}, ${course.semester}, group ${number} ${name}`,
    title: `${course.name}: group ${number} ${name}`,
    groupNumber: number,
    steps: ['CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT'],
  })))
}
openGroupRepos.maxRetries = CRASH_PROOF
