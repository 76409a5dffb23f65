import { handle } from '../../http/handle'
import { requireRemoved } from '../../http/require'
import { deleteProject } from '../../projects'

export default handle('deleteProject', async ({ actor, params: { id } }) => {
  requireRemoved('project', id, await deleteProject(id, actor.scope), 'PROJECT_IN_USE')
})
