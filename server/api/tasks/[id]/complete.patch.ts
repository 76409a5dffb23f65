import { updateTask } from '../../../db/queries/tasks'
import { handle } from '../../../utils/handle'
import { knownTask } from '../../../utils/known'
import { toTask } from '../../../utils/task-view'

export default handle('completeTask', async ({ params }) => {
  const task = await knownTask(params.id)
  await updateTask(task, { status: 'done' })
  return toTask(await knownTask(task.id))
})
