import { deleteKey } from '../../db/queries/access'
import { handle } from '../../utils/handle'
import { notFound } from '../../utils/problem'

export default handle('revokeKey', async ({ params }) => {
  if (!await deleteKey(params.id)) throw notFound('key', params.id)
})
