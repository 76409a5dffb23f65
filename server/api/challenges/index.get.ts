import { listChallenges } from '../../db/queries/challenges'
import { toChallenge } from '../../utils/challenge-view'
import { handle } from '../../utils/handle'

export default handle('listChallenges', async ({ query }) => {
  const challenges = await listChallenges(query)
  return { ...challenges, items: challenges.items.map(toChallenge) }
})
