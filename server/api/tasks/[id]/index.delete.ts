import { deleteTask } from '../../../challenges/queries/tasks'
import { expectRemoved } from '../../../http/expect-removed'
import { handle } from '../../../http/handle'

export default handle('deleteTask', async ({ params: { id } }) => {
  expectRemoved('task', id, await deleteTask(id), { by: 'workspaces or parts', fix: 'Remove its workspaces and delete its parts first, or complete it: PATCH /api/tasks/{id}/complete.' })
})
