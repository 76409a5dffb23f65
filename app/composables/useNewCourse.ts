import type { Course, NewCourse } from '#shared/schemas/course'

/** Creates courses. Sending one form twice makes one course. */
export function useNewCourse() {
  const call = useApi()
  const keyFor = useKeyFor()
  return (course: NewCourse): Promise<Course> => call('post /api/courses', { body: course, idempotencyKey: keyFor(course) })
}
