import { setResponseStatus } from 'h3'
import { listChallengeWorkspaces } from '../../../db/queries/workspaces'
import { handle } from '../../../utils/handle'
import { notFound } from '../../../utils/problem'
import { removeWorkspace } from '../../../utils/remove-workspace'

export default handle('unlinkChallengeRepo', async ({ event, actor, query: { challenge_id: challengeId, repo_id: repoId, deprovision } }) => {
  const [link] = await listChallengeWorkspaces({ challengeId, repoId })
  if (!link) throw notFound('link', `of challenge ${challengeId} to repository ${repoId}`)
  const removed = await removeWorkspace(link, { actor: actor.id, deprovision })
  if (!removed.run) setResponseStatus(event, 200)
  return removed
})
