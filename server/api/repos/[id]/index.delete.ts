import { deleteRepo } from '../../../projects/queries'
import { expectRemoved } from '../../../http/expect-removed'
import { handle } from '../../../http/handle'

export default handle('deleteRepo', async ({ params: { id } }) => {
  expectRemoved('repository', id, await deleteRepo(id), { by: 'workspaces of challenges or tasks', fix: 'Unlink it from its challenges and remove the workspaces of their tasks first: GET /api/repos/{id}/challenges lists them.' })
})
