import { listRunResources } from '../../../engine/resource-views'
import { handle } from '../../../http/handle'
import { requireRun } from '../../../http/require'

export default handle('listRunResources', async ({ actor, params }) =>
  ({ items: await listRunResources(await requireRun(params.id, actor.scope)) }))
