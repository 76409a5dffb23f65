import { requireChallenge, toChallenge } from '../../../challenges'
import { handle } from '../../../http/handle'

export default handle('getChallenge', async ({ params }) => toChallenge(await requireChallenge(params.id)))
