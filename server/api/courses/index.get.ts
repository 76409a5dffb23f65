import { listCourses, toCourseSummary } from '../../courses'
import { handle } from '../../http/handle'

export default handle('listCourses', async ({ query }) => {
  const courses = await listCourses(query)
  return { ...courses, items: courses.items.map(toCourseSummary) }
})
