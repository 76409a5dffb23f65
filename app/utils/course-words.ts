import type { CourseType } from '#shared/schemas/course'

/** The kinds of course, as people choose and read them. */
export const courseTypes: Record<CourseType, { label: string, description: string }> = {
  LECTURE: { label: 'Lecture', description: 'Four channels and one repository for everybody.' },
  LABORATORY: { label: 'Laboratory', description: 'A role, a channel and a repository for each group.' },
  COMBINED: { label: 'Combined', description: 'Both, on one Discord server.' },
}
