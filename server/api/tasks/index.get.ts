import { listTasks, toTasks } from '../../challenges'
import { handle } from '../../http/handle'

export default handle('listTasks', async ({ actor, query }) => {
  const tasks = await listTasks(query, actor.scope)
  return { ...tasks, items: await toTasks(tasks.items) }
})
