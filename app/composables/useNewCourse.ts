import type { Course, NewCourse } from '#shared/schemas/course'

/** Creates courses. Sending one form twice creates one course. */
export function useNewCourse() {
  const call = useApi()
  const idempotencyKeyFor = useIdempotencyKey()
  return (course: NewCourse): Promise<Course> => call('post /api/courses', { body: course, idempotencyKey: idempotencyKeyFor(course) })
}
