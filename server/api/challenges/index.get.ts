import { listChallenges, toChallenge } from '../../challenges'
import { handle } from '../../http/handle'

export default handle('listChallenges', async ({ actor, query }) => {
  const challenges = await listChallenges(query, actor.scope)
  return { ...challenges, items: challenges.items.map(toChallenge) }
})
