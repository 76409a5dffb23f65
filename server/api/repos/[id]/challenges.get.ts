import { listChallengesOf } from '../../../db/queries/challenges'
import { toChallenge } from '../../../utils/challenge-view'
import { handle } from '../../../utils/handle'
import { knownRepo } from '../../../utils/known'

export default handle('listRepoChallenges', async ({ params }) => {
  const { id } = await knownRepo(params.id)
  return { items: (await listChallengesOf(id)).map(toChallenge) }
})
