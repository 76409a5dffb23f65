import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'
import { deleteKey } from '../../http/queries/keys'

export default handle('revokeKey', async ({ params }) => {
  if (!await deleteKey(params.id)) throw notFound('key', params.id)
})
