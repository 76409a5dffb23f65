import type { NewItem } from '../engine/queries/runs'
import type { CourseType } from '../../shared/schemas/course'
import type { CourseNames } from '../../shared/utils/course-names'
import { groupItem, hasLecture, needsGroups } from '../../shared/utils/course-steps'
import { type StepName, workflows } from '../../workflows.config'

/** The part of a course that a step works on: the course itself, its lecture, the channels of the lecture, its groups. */
type Part = 'course' | 'lecture' | 'channels' | 'groups'

const PARTS: Record<StepName<'provision-course'>, Part> = {
  CREATE_DISCORD_SERVER: 'course',
  CREATE_DISCORD_CHANNELS: 'channels',
  CREATE_GITHUB_REPO: 'lecture',
  APPLY_BRANCH_PROTECTION: 'lecture',
  SEED_GITHUB_CONTENT: 'lecture',
  CREATE_GROUP_ROLES: 'groups',
  CREATE_GROUP_CHANNELS: 'groups',
  CREATE_GROUP_REPOS: 'groups',
  APPLY_GROUP_BRANCH_PROTECTIONS: 'groups',
  SEED_GROUP_CONTENT: 'groups',
}

/** The items of a course's run, in the order of its steps: one for each outside resource that users count. */
export function courseItems(type: CourseType, { discordChannels, labGroups }: CourseNames): NewItem[] {
  const items: Record<Part, string[]> = {
    course: ['main'],
    lecture: hasLecture(type) ? ['main'] : [],
    channels: hasLecture(type) ? discordChannels : [],
    groups: needsGroups(type) ? labGroups.map(({ number }) => groupItem(number)) : [],
  }
  return workflows['provision-course'].steps.flatMap(({ name }) => items[PARTS[name]].map(item => ({ name, item })))
}
