import { checkParent, insertTask, requireChallenge, requireTask, toTask } from '../../challenges'
import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'

export default handle('createTask', async ({ actor, body }) => {
  const { id } = await requireChallenge(body.challenge_id, actor.scope)
  if (body.parent_task_id) checkParent(await requireTask(body.parent_task_id, actor.scope), id)
  const task = await insertTask(body)
  if (!task) throw notFound('challenge', id)
  return toTask(task)
})
