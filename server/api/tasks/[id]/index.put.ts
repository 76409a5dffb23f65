import { updateTask } from '../../../challenges/queries/tasks'
import { handle } from '../../../http/handle'
import { requireTask } from '../../../http/require'
import { notFound, problem } from '../../../http/problem'
import { checkParent } from '../../../challenges/task-problems'
import { toTask } from '../../../challenges/task-view'

export default handle('updateTask', async ({ params, body }) => {
  const task = await requireTask(params.id)
  if (body.parent_task_id) await checkParent(body.parent_task_id, task.challengeId)
  const changed = await updateTask(task, body)
  if (!changed) throw notFound('task', params.id)
  if (changed === 'cycle') throw problem('PARENT_CYCLE')
  if (changed === 'several') throw problem('SEVERAL_ASSIGNEES')
  return toTask(changed)
})
