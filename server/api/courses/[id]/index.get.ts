import { toCourse } from '../../../courses/view'
import { handle } from '../../../http/handle'
import { requireCourse } from '../../../courses/require'

export default handle('getCourse', async ({ event, actor, params }) => toCourse(event, await requireCourse(params.id), actor))
