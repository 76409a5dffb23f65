import { toChallenge } from '../../../challenges/view'
import { handle } from '../../../http/handle'
import { requireChallenge } from '../../../http/require'

export default handle('getChallenge', async ({ params }) => toChallenge(await requireChallenge(params.id)))
