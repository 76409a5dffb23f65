import { requireChallenge, toChallenge } from '../../../challenges'
import { handle } from '../../../http/handle'

export default handle('getChallenge', async ({ actor, params }) => toChallenge(await requireChallenge(params.id, actor.scope)))
