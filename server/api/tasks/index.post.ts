import { insertTask } from '../../challenges/queries/tasks'
import { handle } from '../../http/handle'
import { requireChallenge } from '../../http/require'
import { notFound } from '../../http/problem'
import { checkParent } from '../../challenges/task-problems'
import { toTask } from '../../challenges/task-view'

export default handle('createTask', async ({ body }) => {
  const { id } = await requireChallenge(body.challenge_id)
  if (body.parent_task_id) await checkParent(body.parent_task_id, id)
  const task = await insertTask(body)
  if (!task) throw notFound('challenge', id)
  return toTask(task)
})
