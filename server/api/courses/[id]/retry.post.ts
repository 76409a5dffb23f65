import { toCourse } from '../../../utils/course-view'
import { handle } from '../../../utils/handle'
import { knownCourse } from '../../../utils/known-course'
import { retryProblem } from '../../../utils/retry-problem'
import { retryRun } from '../../../workflows/start'

export default handle('retryCourse', async ({ event, actor, params }) => {
  const { id } = await knownCourse(params.id)
  const retry = await retryRun('provision-course', id, actor.id)
  if (retry.state !== 'retrying') throw retryProblem('course', retry)
  return toCourse(event, await knownCourse(id), actor)
})
