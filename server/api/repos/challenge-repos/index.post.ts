import { setResponseStatus } from 'h3'
import { linkRepo, requireChallenge, toChallengeRepo } from '../../../challenges'
import { handle } from '../../../http/handle'
import { requireRepo } from '../../../projects'
import { provisioningOf, requireWorkspace } from '../../../workspaces'

export default handle('linkChallengeRepo', async ({ event, actor, body, idempotencyKey }) => {
  const challenge = await requireChallenge(body.challenge_id, actor.scope)
  const repo = await requireRepo(body.repo_id, actor.scope)
  const workspace = await requireWorkspace(await linkRepo(challenge, repo, { actor, body, idempotencyKey }), actor.scope)
  const provisioning = await provisioningOf(workspace)
  if (provisioning.status === 'ready') setResponseStatus(event, 201)
  return { success: true as const, challenge_repo: toChallengeRepo(workspace, provisioning), provisioning }
})
