import { findRunDetails } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'

export default handle('getRun', async ({ params }) => {
  const run = await findRunDetails(params.id)
  if (!run) throw notFound('run', params.id)
  return run
})
