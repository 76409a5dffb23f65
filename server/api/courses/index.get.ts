import { listCourses } from '../../db/queries/courses'
import { toCourseSummary } from '../../utils/course-view'
import { handle } from '../../utils/handle'

export default handle('listCourses', async ({ query }) => {
  const courses = await listCourses(query)
  return { ...courses, items: courses.items.map(toCourseSummary) }
})
