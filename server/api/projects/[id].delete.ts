import { handle } from '../../http/handle'
import { requireRemoved } from '../../http/require'
import { deleteProject } from '../../projects'

export default handle('deleteProject', async ({ params: { id } }) => {
  requireRemoved('project', id, await deleteProject(id), 'PROJECT_IN_USE')
})
