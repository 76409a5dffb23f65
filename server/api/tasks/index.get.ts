import { listTasks } from '../../db/queries/tasks'
import { handle } from '../../utils/handle'
import { toTasks } from '../../utils/task-view'

export default handle('listTasks', async ({ query }) => {
  const tasks = await listTasks(query)
  return { ...tasks, items: await toTasks(tasks.items) }
})
