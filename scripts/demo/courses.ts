import { createHash } from 'node:crypto'
import type { NewCourse } from '../../shared/schemas/course.ts'

/** The courses of the demo: a lecture and a laboratory. */
export const demoCourses: NewCourse[] = [
  { name: 'Introduction to Programming', semester: 'Winter 2026', type: 'LECTURE' },
  {
    name: 'Programming Laboratory',
    semester: 'Winter 2026',
    type: 'LABORATORY',
    labGroups: ['Ada', 'Grace', 'Edsger', 'Barbara'].map((name, index) => ({ name, number: index + 1 })),
  },
]

/** The key of a course is the same at every start, so that an interrupted demo continues with its courses. */
export const idempotencyKey = (course: NewCourse): string =>
  `demo-${createHash('sha256').update(JSON.stringify(course)).digest('hex').slice(0, 16)}`
