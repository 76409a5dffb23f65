import { listChallengesOf, toChallenge } from '../../../challenges'
import { handle } from '../../../http/handle'
import { requireRepo } from '../../../projects'

export default handle('listRepoChallenges', async ({ params }) => {
  const { id } = await requireRepo(params.id)
  return { items: (await listChallengesOf(id)).map(toChallenge) }
})
