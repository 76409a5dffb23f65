import { deleteContributor } from '../../contributors/queries'
import { expectRemoved } from '../../http/expect-removed'
import { handle } from '../../http/handle'

export default handle('deleteContributor', async ({ params: { id } }) => {
  expectRemoved('contributor', id, await deleteContributor(id), { by: 'tasks', fix: 'Take the tasks from them first: DELETE /api/tasks/{id}/assign.' })
})
