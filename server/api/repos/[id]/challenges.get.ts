import { listChallengesOf, toChallenge } from '../../../challenges'
import { handle } from '../../../http/handle'
import { requireRepo } from '../../../projects'

export default handle('listRepoChallenges', async ({ actor, params }) => {
  const { id } = await requireRepo(params.id, actor.scope)
  return { items: (await listChallengesOf(id)).map(toChallenge) }
})
