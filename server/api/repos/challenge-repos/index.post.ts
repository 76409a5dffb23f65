import { setResponseStatus } from 'h3'
import { insertTaskWorkspaces } from '../../../db/queries/assignments'
import { lockChallenge } from '../../../db/queries/challenges'
import { findOrInsertLink } from '../../../db/queries/workspaces'
import { toChallengeRepo } from '../../../utils/challenge-view'
import { handle } from '../../../utils/handle'
import { keyReused } from '../../../utils/key-reused'
import { knownChallenge, knownRepo, knownWorkspace } from '../../../utils/known'
import { checkProject, checkSameWishes } from '../../../utils/link-problems'
import { planTaskWorkspace, planWorkspace } from '../../../utils/plan-workspace'
import { runsEnded } from '../../../utils/run-ended'
import { runActive } from '../../../utils/workspace-problems'
import { provisioningOf } from '../../../utils/workspace-view'
import { startRun } from '../../../workflows/start'
import { workspaceName } from '../../../../shared/utils/workspace-names'

export default handle('linkChallengeRepo', async ({ event, actor, body, idempotencyKey }) => {
  const challenge = await knownChallenge(body.challenge_id)
  const repo = await knownRepo(body.repo_id)
  checkProject(challenge, repo)
  const wanted = await planWorkspace(repo, workspaceName('challenge', challenge.index, challenge.slug), body)
  const outcome = await startRun('provision-workspace', { actor: actor.id, request: 'linkChallengeRepo', body, idempotencyKey }, async (tx) => {
    await lockChallenge(tx, challenge.id, 'no key update')
    const { link, runId, isBeingRemoved } = await findOrInsertLink(tx, challenge.id, wanted, actor.id)
    if (isBeingRemoved) throw runActive()
    checkSameWishes(link, wanted)
    await insertTaskWorkspaces(tx, link, { actor: actor.id, plan: planTaskWorkspace })
    return { id: link.id, runId }
  })
  if (outcome.state === 'key-reused') throw keyReused()
  await runsEnded([outcome.recorded.runId])
  const workspace = await knownWorkspace(outcome.recorded.id)
  const provisioning = await provisioningOf(workspace)
  if (provisioning.status === 'ready') setResponseStatus(event, 201)
  return { success: true as const, challenge_repo: toChallengeRepo(workspace, provisioning), provisioning }
})
