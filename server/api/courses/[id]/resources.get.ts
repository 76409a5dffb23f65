import { PROVISIONING, requireCourse } from '../../../courses'
import { listSubjectResourceViews } from '../../../engine/resource-views'
import { handle } from '../../../http/handle'

export default handle('listCourseResources', async ({ actor, params }) => {
  const { id } = await requireCourse(params.id, actor.scope)
  return { items: await listSubjectResourceViews(id, PROVISIONING) }
})
