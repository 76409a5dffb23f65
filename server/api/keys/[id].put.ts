import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'
import { updateBinding } from '../../http/queries/keys'

export default handle('updateKey', async ({ params: { id }, body: { binding } }) => {
  const key = await updateBinding(id, binding)
  if (!key) throw notFound('key', id)
  return key
})
