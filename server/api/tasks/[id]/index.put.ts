import { checkParent, requireTask, toTask, updateTask } from '../../../challenges'
import { handle } from '../../../http/handle'
import { notFound, problem } from '../../../http/problem'

export default handle('updateTask', async ({ actor, params, body }) => {
  const task = await requireTask(params.id, actor.scope)
  if (body.parent_task_id) checkParent(await requireTask(body.parent_task_id, actor.scope), task.challengeId)
  const changed = await updateTask(task, body)
  if (!changed) throw notFound('task', params.id)
  if (changed === 'cycle') throw problem('PARENT_CYCLE')
  if (changed === 'several') throw problem('SEVERAL_ASSIGNEES')
  return toTask(changed)
})
