import { listTasks, toTasks } from '../../challenges'
import { handle } from '../../http/handle'

export default handle('listTasks', async ({ query }) => {
  const tasks = await listTasks(query)
  return { ...tasks, items: await toTasks(tasks.items) }
})
