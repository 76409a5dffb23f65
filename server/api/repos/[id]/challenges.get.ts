import { listChallengesOf } from '../../../challenges/queries/challenges'
import { toChallenge } from '../../../challenges/view'
import { handle } from '../../../http/handle'
import { requireRepo } from '../../../http/require'

export default handle('listRepoChallenges', async ({ params }) => {
  const { id } = await requireRepo(params.id)
  return { items: (await listChallengesOf(id)).map(toChallenge) }
})
