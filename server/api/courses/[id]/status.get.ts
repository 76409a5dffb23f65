import { requireCourse, toStatusReport } from '../../../courses'
import { handle } from '../../../http/handle'

export default handle('getCourseStatus', async ({ event, actor, params }) =>
  toStatusReport(event, await requireCourse(params.id, actor.scope), actor))
