import { toCourse } from '../../../utils/course-view'
import { handle } from '../../../utils/handle'
import { knownCourse } from '../../../utils/known-course'

export default handle('getCourse', async ({ event, actor, params }) => toCourse(event, await knownCourse(params.id), actor))
