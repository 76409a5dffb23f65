import type { CourseType, LabGroup } from '#shared/schemas/course'
import { groupItem } from '#shared/utils/course-steps'

/** The types of course, as people choose and read them. */
export const courseTypes: Record<CourseType, { label: string, description: string }> = {
  LECTURE: { label: 'Lecture', description: 'Four channels and one repository for everybody.' },
  LABORATORY: { label: 'Laboratory', description: 'A role, a channel and a repository for each group.' },
  COMBINED: { label: 'Combined', description: 'Both, on one Discord server.' },
}

/** The labels of a course's groups, by the key of their items: `Group 3 · Alpha`. */
export const groupLabels = (groups: Pick<LabGroup, 'number' | 'name'>[]): Record<string, string> =>
  Object.fromEntries(groups.map(({ number, name }) => [groupItem(number), `Group ${number} · ${name}`]))
