import { EVERYTHING } from '../db/scope'
import { audited } from '../ledger'
import { findRunSummary } from '../engine/views'
import { deleteIdleWorkspace, insertDeprovision } from './queries/removals'
import { findWorkspace, type WorkspaceRecord, type WorkspaceRefusal } from './queries/workspaces'
import { hasResources } from '../ledger/queries/resources'
import { workspaceContext } from './subject'
import { findRemovable } from './provision'
import { startRun } from '../engine/dispatch'
import type { RemovedWorkspace } from '../../shared/schemas/workspace'
import { failureProblem, notFound, problem } from '../http/problem'
import { awaitRuns } from '../engine/await-runs'

/**
 * Deletes a workspace. What was created stays outside, unless `deprovision` asks to remove it. Then this first checks
 * whether it may be removed, so that nothing is written when it may not.
 * @returns its run is null when everything is done
 * @throws 404, 409, and what the provider throws
 */
export async function removeWorkspace(
  workspace: WorkspaceRecord, { actor, deprovision }: { actor: string, deprovision: boolean },
): Promise<RemovedWorkspace> {
  if (!deprovision) {
    const refused = await deleteIdleWorkspace(workspace)
    if (refused) throw refusal(workspace.id, refused)
    return { success: true, run: null }
  }
  if (await hasResources(workspace.id)) await audited(workspaceContext(workspace), () => findRemovable(workspace))
  const outcome = await startRun({ actor, request: `remove ${workspace.id}`, body: {} }, async (tx) => {
    const inserted = await insertDeprovision(tx, workspace, actor)
    if ('refused' in inserted) throw refusal(workspace.id, inserted.refused)
    return { id: workspace.id, runId: inserted.runId }
  })
  // Cannot happen: the request has no key.
  if (outcome.state === 'key-reused') throw new Error('A request without an Idempotency-Key was taken for another.')
  const { runId } = outcome.recorded
  await awaitRuns([runId])
  if (!await findWorkspace(workspace.id, EVERYTHING)) return { success: true, run: null }
  const run = (await findRunSummary(runId, EVERYTHING))!
  if (run.error) throw failureProblem(run.error, run.error.code === 'RESOURCE_CONFLICT' ? 409 : 502)
  return { success: true, run }
}

const refusal = (id: string, refused: WorkspaceRefusal) => refused === 'busy' ? problem('RUN_ACTIVE') : notFound('workspace', id)
