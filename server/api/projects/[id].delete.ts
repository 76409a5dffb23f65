import { deleteProject } from '../../db/queries/projects'
import { expectRemoved } from '../../utils/expect-removed'
import { handle } from '../../utils/handle'

export default handle('deleteProject', async ({ params: { id } }) => {
  expectRemoved('project', id, await deleteProject(id), { by: 'repositories or challenges', fix: 'Delete its challenges and then its repositories first.' })
})
