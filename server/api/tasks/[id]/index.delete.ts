import { deleteTask } from '../../../challenges'
import { handle } from '../../../http/handle'
import { requireRemoved } from '../../../http/require'

export default handle('deleteTask', async ({ actor, params: { id } }) => {
  requireRemoved('task', id, await deleteTask(id, actor.scope), 'TASK_IN_USE')
})
