import { findRunRow } from '../../../engine/queries/runs'
import { listRunResources } from '../../../engine/resource-views'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'

export default handle('listRunResources', async ({ params }) => {
  const run = await findRunRow(params.id)
  if (!run) throw notFound('run', params.id)
  return { items: await listRunResources(run) }
})
