import { listChallengeWorkspaces } from '../../../workspaces/queries/workspaces'
import { toChallengeLinks } from '../../../challenges/view'
import { handle } from '../../../http/handle'
import { requireChallenge } from '../../../http/require'

export default handle('listChallengeRepos', async ({ params }) => {
  const { id: challengeId } = await requireChallenge(params.id)
  return { items: await toChallengeLinks(await listChallengeWorkspaces({ challengeId })) }
})
