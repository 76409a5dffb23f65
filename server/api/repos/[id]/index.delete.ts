import { deleteRepo } from '../../../projects/queries'
import { expectRemoved } from '../../../http/expect-removed'
import { handle } from '../../../http/handle'

export default handle('deleteRepo', async ({ params: { id } }) => {
  expectRemoved('repository', id, await deleteRepo(id), 'REPO_IN_USE')
})
