import { deleteProject } from '../../projects/queries'
import { expectRemoved } from '../../http/expect-removed'
import { handle } from '../../http/handle'

export default handle('deleteProject', async ({ params: { id } }) => {
  expectRemoved('project', id, await deleteProject(id), 'PROJECT_IN_USE')
})
