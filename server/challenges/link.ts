import type { z } from 'zod'
import { awaitRuns } from '../engine/await-runs'
import { startRun } from '../engine/dispatch'
import type { Actor } from '../http/access'
import { problem } from '../http/problem'
import type { RepoRow } from '../projects'
import { findOrInsertLink, lockChallenge, planTaskWorkspace, planWorkspace } from '../workspaces'
import type { NewChallengeRepo } from '../../shared/schemas/challenge'
import { workspaceName } from '../../shared/utils/workspace-names'
import { checkProject, checkSameSpec } from './problems'
import { insertTaskWorkspaces } from './queries/assignments'
import type { ChallengeRecord } from './queries/challenges'

interface Request { actor: Actor, body: z.output<typeof NewChallengeRepo>, idempotencyKey?: string }

/**
 * Links a challenge to a repository: it gets a workspace there, and so does each of its assigned tasks. A link that
 * exists with the same spec stays as it is. Waits a moment for the run that creates the workspace.
 * @returns the id of the link, which is that of its workspace
 * @throws 409, 422, and what the provider throws
 */
export async function linkRepo(challenge: ChallengeRecord, repo: RepoRow, { actor, body, idempotencyKey }: Request): Promise<string> {
  checkProject(challenge, repo)
  const wanted = await planWorkspace(repo, workspaceName('challenge', challenge.index, challenge.slug), body, actor)
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
  return outcome.recorded.id
}
