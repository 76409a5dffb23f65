import { handle } from '../../../http/handle'
import { requireRemoved } from '../../../http/require'
import { deleteRepo } from '../../../projects'

export default handle('deleteRepo', async ({ actor, params: { id } }) => {
  requireRemoved('repository', id, await deleteRepo(id, actor.scope), 'REPO_IN_USE')
})
