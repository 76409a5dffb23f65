import { deleteContributor } from '../../contributors'
import { handle } from '../../http/handle'
import { requireRemoved } from '../../http/require'

export default handle('deleteContributor', async ({ params: { id } }) => {
  requireRemoved('contributor', id, await deleteContributor(id), 'CONTRIBUTOR_IN_USE')
})
