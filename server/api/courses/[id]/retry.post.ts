import { requireCourse, toCourse } from '../../../courses'
import { retryRun } from '../../../engine/retry'
import { handle } from '../../../http/handle'
import { retryProblem } from '../../../http/run-problems'

export default handle('retryCourse', async ({ event, actor, params }) => {
  const { id, run } = await requireCourse(params.id, actor.scope)
  const retry = await retryRun(run.id, actor.id)
  if (retry.state !== 'retrying') throw retryProblem('course', retry)
  return toCourse(event, await requireCourse(id, actor.scope), actor)
})
