import { requireTask, toTask, updateTask } from '../../../challenges'
import { handle } from '../../../http/handle'

export default handle('completeTask', async ({ actor, params }) => {
  const task = await requireTask(params.id, actor.scope)
  await updateTask(task, { status: 'done' })
  return toTask(await requireTask(task.id, actor.scope))
})
