import { toCourse } from '../../../courses/view'
import { handle } from '../../../http/handle'
import { requireCourse } from '../../../courses/require'
import { retryProblem } from '../../../http/retry-problem'
import { retryRun } from '../../../engine/dispatch'

export default handle('retryCourse', async ({ event, actor, params }) => {
  const { id } = await requireCourse(params.id)
  const retry = await retryRun('provision-course', id, actor.id)
  if (retry.state !== 'retrying') throw retryProblem('course', retry)
  return toCourse(event, await requireCourse(id), actor)
})
