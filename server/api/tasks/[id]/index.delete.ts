import { deleteTask } from '../../../db/queries/tasks'
import { expectRemoved } from '../../../utils/expect-removed'
import { handle } from '../../../utils/handle'

export default handle('deleteTask', async ({ params: { id } }) => {
  expectRemoved('task', id, await deleteTask(id), { by: 'workspaces or parts', fix: 'Remove its workspaces and delete its parts first, or complete it: PATCH /api/tasks/{id}/complete.' })
})
