import { deleteContributor } from '../../db/queries/contributors'
import { expectRemoved } from '../../utils/expect-removed'
import { handle } from '../../utils/handle'

export default handle('deleteContributor', async ({ params: { id } }) => {
  expectRemoved('contributor', id, await deleteContributor(id), { by: 'tasks', fix: 'Take the tasks from them first: DELETE /api/tasks/{id}/assign.' })
})
