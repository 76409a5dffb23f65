import { toChallenge } from '../../../utils/challenge-view'
import { handle } from '../../../utils/handle'
import { knownChallenge } from '../../../utils/known'

export default handle('getChallenge', async ({ params }) => toChallenge(await knownChallenge(params.id)))
