import { attempt, comeBackFor, remove } from '../../../ledger'
import { listThings } from '../../../db/queries/removals'
import { claimRun } from '../../../db/queries/runs'
import { deleteRemovedWorkspace } from '../../../db/queries/workspace-removals'
import { findWorkspace, type WorkspaceRecord } from '../../../db/queries/workspaces'
import { CRASH_PROOF, workflows } from '../../../../workflows.config'
import { endRun } from '../../end'
import { findRemovable } from '../../provision-workspace/workspace'

/**
 * Claims the run for this execution, removes what was made for the workspace, then forgets it, and
 * ends the run. Does nothing when another execution has the run; a workspace that could not be removed stays as it is.
 */
export async function removeWorkspace(runId: string, runtimeRunId: string): Promise<void> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  if (!run) return
  comeBackFor([await attempt({ runId, retry: workflows['deprovision-workspace'].retry }, 'REMOVE_WORKSPACE', 'main', async () => {
    const workspace = await findWorkspace(run.subjectId)
    if (!workspace) return
    await removeOutside(workspace)
    await deleteRemovedWorkspace(workspace)
  })])
  await endRun(runId, null)
}
removeWorkspace.maxRetries = CRASH_PROOF

/** The thing that was made first holds all others: they go with it. */
async function removeOutside(workspace: WorkspaceRecord): Promise<void> {
  const [thing] = await listThings(workspace.id)
  if (thing) await remove(thing, { find: () => findRemovable(workspace) })
}
