import { setResponseStatus } from 'h3'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'
import { listChallengeWorkspaces, removeWorkspace } from '../../../workspaces'

export default handle('unlinkChallengeRepo', async ({ event, actor, query }) => {
  const { challenge_id: challengeId, repo_id: repoId, deprovision } = query
  const [link] = await listChallengeWorkspaces({ challengeId, repoId, scope: actor.scope })
  if (!link) throw notFound('link', `of challenge ${challengeId} to repository ${repoId}`)
  const removed = await removeWorkspace(link, { actor: actor.id, deprovision })
  if (!removed.run) setResponseStatus(event, 200)
  return removed
})
