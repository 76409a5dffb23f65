import { insertTask } from '../../db/queries/tasks'
import { handle } from '../../utils/handle'
import { knownChallenge } from '../../utils/known'
import { notFound } from '../../utils/problem'
import { checkParent } from '../../utils/task-problems'
import { toTask } from '../../utils/task-view'

export default handle('createTask', async ({ body }) => {
  const { id } = await knownChallenge(body.challenge_id)
  if (body.parent_task_id) await checkParent(body.parent_task_id, id)
  const task = await insertTask(body)
  if (!task) throw notFound('challenge', id)
  return toTask(task)
})
