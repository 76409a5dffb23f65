import { createHash } from 'node:crypto'
import type { NewCourse } from '../../shared/schemas/course.ts'

/** What the demo provisions: one course of either kind. */
export const demoCourses: NewCourse[] = [
  { name: 'Introduction to Programming', semester: 'Winter 2026', type: 'LECTURE' },
  {
    name: 'Programming Laboratory',
    semester: 'Winter 2026',
    type: 'LABORATORY',
    labGroups: ['Ada', 'Grace', 'Edsger', 'Barbara'].map((name, index) => ({ name, number: index + 1 })),
  },
]

/** The same for the same course: a demo that was cut short picks its courses up instead of making others. */
export const idempotencyKey = (course: NewCourse): string =>
  `demo-${createHash('sha256').update(JSON.stringify(course)).digest('hex').slice(0, 16)}`
