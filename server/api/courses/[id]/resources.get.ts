import { listResources } from '../../../db/queries/resources'
import { handle } from '../../../utils/handle'
import { knownCourse } from '../../../utils/known-course'

export default handle('listCourseResources', async ({ params }) => {
  const { id } = await knownCourse(params.id)
  return { items: await listResources(id) }
})
