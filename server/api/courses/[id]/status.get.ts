import { toStatusReport } from '../../../utils/course-view'
import { handle } from '../../../utils/handle'
import { knownCourse } from '../../../utils/known-course'

export default handle('getCourseStatus', async ({ event, actor, params }) => toStatusReport(event, await knownCourse(params.id), actor))
