import { findRunDetails } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'

export default handle('getRun', async ({ actor, params }) => {
  const run = await findRunDetails(params.id, actor.scope)
  if (!run) throw notFound('run', params.id)
  return run
})
