import { listCourses, toCourseSummary } from '../../courses'
import { handle } from '../../http/handle'

export default handle('listCourses', async ({ actor, query }) => {
  const courses = await listCourses(query, actor.scope)
  return { ...courses, items: courses.items.map(toCourseSummary) }
})
