import { listResources } from '../../../ledger/queries/resources'
import { handle } from '../../../http/handle'
import { requireCourse } from '../../../courses/require'

export default handle('listCourseResources', async ({ params }) => {
  const { id } = await requireCourse(params.id)
  return { items: await listResources(id) }
})
