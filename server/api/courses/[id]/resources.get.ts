import { PROVISIONING, requireCourse } from '../../../courses'
import { listSubjectResourceViews } from '../../../engine/resource-views'
import { handle } from '../../../http/handle'

export default handle('listCourseResources', async ({ params }) => {
  const { id } = await requireCourse(params.id)
  return { items: await listSubjectResourceViews(id, PROVISIONING) }
})
