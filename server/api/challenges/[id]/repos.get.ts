import { requireChallenge, toChallengeLinks } from '../../../challenges'
import { handle } from '../../../http/handle'
import { listChallengeWorkspaces } from '../../../workspaces'

export default handle('listChallengeRepos', async ({ params }) => {
  const { id: challengeId } = await requireChallenge(params.id)
  return { items: await toChallengeLinks(await listChallengeWorkspaces({ challengeId })) }
})
