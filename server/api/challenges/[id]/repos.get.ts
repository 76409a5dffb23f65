import { listChallengeWorkspaces } from '../../../db/queries/workspaces'
import { toChallengeLinks } from '../../../utils/challenge-view'
import { handle } from '../../../utils/handle'
import { knownChallenge } from '../../../utils/known'

export default handle('listChallengeRepos', async ({ params }) => {
  const { id: challengeId } = await knownChallenge(params.id)
  return { items: await toChallengeLinks(await listChallengeWorkspaces({ challengeId })) }
})
