import { requireChallenge, toChallengeLinks } from '../../../challenges'
import { handle } from '../../../http/handle'
import { listChallengeWorkspaces } from '../../../workspaces'

export default handle('listChallengeRepos', async ({ actor, params }) => {
  const { id: challengeId } = await requireChallenge(params.id, actor.scope)
  return { items: await toChallengeLinks(await listChallengeWorkspaces({ challengeId })) }
})
