import { requireContributor, toContributor } from '../../contributors'
import { handle } from '../../http/handle'

export default handle('getContributor', async ({ actor, params }) =>
  toContributor(await requireContributor(params.id, actor.scope)))
