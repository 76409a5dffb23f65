import type { Course, NewCourse } from '#shared/schemas/course'

/** Creates courses. Sending one form twice, by a double click or after a lost answer, makes one course. */
export function useNewCourse() {
  const call = useApi()
  let sent: { body: string, key: string } | undefined

  return async function create(course: NewCourse): Promise<Course> {
    const body = JSON.stringify(course)
    if (sent?.body !== body) sent = { body, key: randomId() }
    return call('post /api/courses', { body: course, idempotencyKey: sent.key })
  }
}
