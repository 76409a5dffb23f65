import { deleteTask } from '../../../challenges'
import { handle } from '../../../http/handle'
import { requireRemoved } from '../../../http/require'

export default handle('deleteTask', async ({ params: { id } }) => {
  requireRemoved('task', id, await deleteTask(id), 'TASK_IN_USE')
})
