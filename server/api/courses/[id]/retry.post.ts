import { toCourse } from '../../../utils/course-view'
import { handle } from '../../../utils/handle'
import { knownCourse } from '../../../utils/known-course'
import { problem } from '../../../utils/problem'
import { retryRun } from '../../../workflows/start'

export default handle('retryCourse', async ({ event, actor, params }) => {
  const { id } = await knownCourse(params.id)
  const retry = await retryRun('provision-course', id, actor.id)
  if (retry.state !== 'retrying') throw problem({
    status: 409,
    code: 'NOT_FAILED',
    detail: `Only a failed course can be retried; this one is ${retry.state === 'refused' ? retry.status : 'new'}.`,
    why: 'Two runs of one course at the same time would get in each other\'s way.',
    fix: 'Wait until the course has failed; a course that is under way tries again by itself.',
  })
  return toCourse(event, await knownCourse(id), actor)
})
