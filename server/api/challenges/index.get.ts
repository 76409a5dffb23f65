import { listChallenges, toChallenge } from '../../challenges'
import { handle } from '../../http/handle'

export default handle('listChallenges', async ({ query }) => {
  const challenges = await listChallenges(query)
  return { ...challenges, items: challenges.items.map(toChallenge) }
})
