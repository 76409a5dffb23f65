import { requireCourse, toCourse } from '../../../courses'
import { handle } from '../../../http/handle'

export default handle('getCourse', async ({ event, actor, params }) =>
  toCourse(event, await requireCourse(params.id, actor.scope), actor))
