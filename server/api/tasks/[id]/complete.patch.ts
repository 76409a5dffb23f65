import { updateTask } from '../../../challenges/queries/tasks'
import { handle } from '../../../http/handle'
import { requireTask } from '../../../http/require'
import { toTask } from '../../../challenges/task-view'

export default handle('completeTask', async ({ params }) => {
  const task = await requireTask(params.id)
  await updateTask(task, { status: 'done' })
  return toTask(await requireTask(task.id))
})
