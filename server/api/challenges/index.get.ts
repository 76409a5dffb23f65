import { listChallenges } from '../../challenges/queries/challenges'
import { toChallenge } from '../../challenges/view'
import { handle } from '../../http/handle'

export default handle('listChallenges', async ({ query }) => {
  const challenges = await listChallenges(query)
  return { ...challenges, items: challenges.items.map(toChallenge) }
})
