import { setResponseStatus } from 'h3'
import { findOrInsertLink, findWorkspace } from '../../../db/queries/workspaces'
import { toChallengeRepo } from '../../../utils/challenge-view'
import { handle } from '../../../utils/handle'
import { keyReused } from '../../../utils/key-reused'
import { knownChallenge, knownRepo } from '../../../utils/known'
import { planWorkspace } from '../../../utils/plan-workspace'
import { runsEnded } from '../../../utils/run-ended'
import { provisioningOf } from '../../../utils/workspace-view'
import { startRun } from '../../../workflows/start'
import { workspaceName } from '../../../../shared/utils/workspace-names'

export default handle('linkChallengeRepo', async ({ event, actor, body, idempotencyKey }) => {
  const challenge = await knownChallenge(body.challenge_id)
  const repo = await knownRepo(body.repo_id)
  const wanted = await planWorkspace(repo, workspaceName('challenge', challenge.index, challenge.slug), body)
  const outcome = await startRun('provision-workspace', { actor: actor.id, request: 'linkChallengeRepo', body, idempotencyKey },
    tx => findOrInsertLink(tx, challenge.id, wanted, actor.id))
  if (outcome.state === 'key-reused') throw keyReused()
  await runsEnded([outcome.recorded.runId])
  const workspace = (await findWorkspace(outcome.recorded.id))!
  const provisioning = await provisioningOf(workspace)
  if (provisioning.status === 'ready') setResponseStatus(event, 201)
  return { success: true as const, challenge_repo: toChallengeRepo(workspace, provisioning), provisioning }
})
