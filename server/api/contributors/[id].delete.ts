import { deleteContributor } from '../../contributors/queries'
import { expectRemoved } from '../../http/expect-removed'
import { handle } from '../../http/handle'

export default handle('deleteContributor', async ({ params: { id } }) => {
  expectRemoved('contributor', id, await deleteContributor(id), 'CONTRIBUTOR_IN_USE')
})
