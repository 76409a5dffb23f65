import { attempt, retryWhenDue, remove } from '../../../ledger'
import { listSubjectResources } from '../../../ledger/queries/removals'
import { claimRun } from '../../../engine/queries/runs'
import { deleteRemovedWorkspace } from '../../../workspaces/queries/removals'
import { findWorkspace, type WorkspaceRecord } from '../../../workspaces/queries/workspaces'
import { UNLIMITED_RETRIES, workflows } from '../../../../workflows.config'
import { endRun } from '../../../engine/settle'
import { findRemovable } from '../../../workspaces/provision'

/**
 * Claims the run for this execution, removes what was made for the workspace, then forgets it, and
 * ends the run. Does nothing when another execution has the run; a workspace that could not be removed stays as it is.
 */
export async function removeWorkspace(runId: string, runtimeRunId: string): Promise<void> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  if (!run) return
  retryWhenDue([await attempt({ runId, retry: workflows['deprovision-workspace'].retry }, 'REMOVE_WORKSPACE', 'main', async () => {
    const workspace = await findWorkspace(run.subjectId)
    if (!workspace) return
    await removeOutside(workspace)
    await deleteRemovedWorkspace(workspace)
  })])
  await endRun(runId, null)
}
removeWorkspace.maxRetries = UNLIMITED_RETRIES

/** The thing that was made first holds all others: they go with it. */
async function removeOutside(workspace: WorkspaceRecord): Promise<void> {
  const [thing] = await listSubjectResources(workspace.id)
  if (thing) await remove(thing, { find: () => findRemovable(workspace) })
}
