import { type CourseRecord, findCourse } from '../db/queries/courses'
import { notFound } from './problem'

/** The course with that id. @throws 404 when there is none */
export async function knownCourse(id: string): Promise<CourseRecord> {
  const course = await findCourse(id)
  if (!course) throw notFound('course', id)
  return course
}
