import { listTasks } from '../../challenges/queries/tasks'
import { handle } from '../../http/handle'
import { toTasks } from '../../challenges/task-view'

export default handle('listTasks', async ({ query }) => {
  const tasks = await listTasks(query)
  return { ...tasks, items: await toTasks(tasks.items) }
})
