import { setResponseStatus } from 'h3'
import { insertTaskWorkspaces } from '../../../challenges/queries/assignments'
import { toChallengeRepo } from '../../../challenges/view'
import { handle } from '../../../http/handle'
import { problem } from '../../../http/problem'
import { requireChallenge, requireRepo, requireWorkspace } from '../../../http/require'
import { checkProject, checkSameSpec } from '../../../challenges/link-problems'
import {
  findOrInsertLink, lockChallenge, planTaskWorkspace, planWorkspace, provisioningOf,
} from '../../../workspaces'
import { awaitRuns } from '../../../engine/await-runs'
import { startRun } from '../../../engine/dispatch'
import { workspaceName } from '../../../../shared/utils/workspace-names'

export default handle('linkChallengeRepo', async ({ event, actor, body, idempotencyKey }) => {
  const challenge = await requireChallenge(body.challenge_id)
  const repo = await requireRepo(body.repo_id)
  checkProject(challenge, repo)
  const wanted = await planWorkspace(repo, workspaceName('challenge', challenge.index, challenge.slug), body)
  const outcome = await startRun({ actor: actor.id, request: 'linkChallengeRepo', body, idempotencyKey }, async (tx) => {
    await lockChallenge(tx, challenge.id, 'no key update')
    const { link, runId, isBeingRemoved } = await findOrInsertLink(tx, challenge.id, wanted, actor.id)
    if (isBeingRemoved) throw problem('RUN_ACTIVE')
    checkSameSpec(link, wanted)
    await insertTaskWorkspaces(tx, link, { actor: actor.id, plan: planTaskWorkspace })
    return { id: link.id, runId }
  })
  if (outcome.state === 'key-reused') throw problem('IDEMPOTENCY_KEY_REUSED')
  await awaitRuns([outcome.recorded.runId])
  const workspace = await requireWorkspace(outcome.recorded.id)
  const provisioning = await provisioningOf(workspace)
  if (provisioning.status === 'ready') setResponseStatus(event, 201)
  return { success: true as const, challenge_repo: toChallengeRepo(workspace, provisioning), provisioning }
})
