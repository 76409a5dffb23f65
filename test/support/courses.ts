import type { NewCourse } from '../../shared/schemas/course.ts'

const groups = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Team ${index + 1}`, number: index + 1 }))

/** A lecture as the API takes it. */
export const lecture = (name: string, more: Partial<NewCourse> = {}): NewCourse => ({ name, semester: '2026', type: 'LECTURE', ...more })

/** A laboratory of `count` groups as the API takes it. */
export const laboratory = (name: string, count: number, more: Partial<NewCourse> = {}): NewCourse =>
  ({ name, semester: '2026', type: 'LABORATORY', labGroups: groups(count), ...more })

/** A course that is both. */
export const combined = (name: string, count: number, more: Partial<NewCourse> = {}): NewCourse =>
  ({ ...laboratory(name, count), type: 'COMBINED', ...more })
