import { type CourseRecord, findCourse } from './queries'
import { notFound } from '../http/problem'

/** The course with that id. @throws 404 when there is none */
export async function requireCourse(id: string): Promise<CourseRecord> {
  const course = await findCourse(id)
  if (!course) throw notFound('course', id)
  return course
}
