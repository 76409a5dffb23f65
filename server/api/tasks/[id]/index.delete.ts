import { deleteTask } from '../../../challenges/queries/tasks'
import { expectRemoved } from '../../../http/expect-removed'
import { handle } from '../../../http/handle'

export default handle('deleteTask', async ({ params: { id } }) => {
  expectRemoved('task', id, await deleteTask(id), 'TASK_IN_USE')
})
