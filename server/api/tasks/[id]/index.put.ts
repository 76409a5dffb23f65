import { updateTask } from '../../../db/queries/tasks'
import { handle } from '../../../utils/handle'
import { knownTask } from '../../../utils/known'
import { notFound } from '../../../utils/problem'
import { checkParent, taskProblems } from '../../../utils/task-problems'
import { toTask } from '../../../utils/task-view'

export default handle('updateTask', async ({ params, body }) => {
  const task = await knownTask(params.id)
  if (body.parent_task_id) await checkParent(body.parent_task_id, task.challengeId)
  const changed = await updateTask(task, body)
  if (!changed) throw notFound('task', params.id)
  if (typeof changed === 'string') throw taskProblems[changed]()
  return toTask(changed)
})
