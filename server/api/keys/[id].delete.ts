import { deleteKey } from '../../http/queries/access'
import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'

export default handle('revokeKey', async ({ params }) => {
  if (!await deleteKey(params.id)) throw notFound('key', params.id)
})
