import { toStatusReport } from '../../../courses/view'
import { handle } from '../../../http/handle'
import { requireCourse } from '../../../courses/require'

export default handle('getCourseStatus', async ({ event, actor, params }) => toStatusReport(event, await requireCourse(params.id), actor))
