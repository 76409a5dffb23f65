import { keyIdOf } from '../../http/access'
import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'
import { deleteSessionOf } from '../../http/queries/sessions'

export default handle('endSession', async ({ params, actor }) => {
  if (!await deleteSessionOf(keyIdOf(actor), params.id)) throw notFound('session', params.id)
})
