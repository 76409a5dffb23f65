import { handle } from '../../../http/handle'
import { requireRemoved } from '../../../http/require'
import { deleteRepo } from '../../../projects'

export default handle('deleteRepo', async ({ params: { id } }) => {
  requireRemoved('repository', id, await deleteRepo(id), 'REPO_IN_USE')
})
