import { handle } from '../../../http/handle'
import { requireRepo, toRepo } from '../../../projects'

export default handle('getRepo', async ({ actor, params }) => toRepo(await requireRepo(params.id, actor.scope)))
