import { EVERYTHING } from '../../../db/scope'
import { claimRun, settleRun } from '../../../engine/dispatch'
import { attempt, remove, retryWhenDue } from '../../../ledger'
import { listSubjectResources } from '../../../ledger/queries/resources'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { deleteRemovedWorkspace, findRemovable, findWorkspace, type WorkspaceRecord } from '../../../workspaces'

/**
 * Claims the run, removes what was created for the workspace, deletes the workspace, and settles the run. Does nothing
 * when another execution has the run. A workspace that could not be removed stays as it is.
 */
export async function removeWorkspace(runId: string, executionId: string): Promise<void> {
  'use step'
  const run = await claimRun(runId, executionId)
  if (!run) return
  retryWhenDue([await attempt(run, 'REMOVE_WORKSPACE', 'main', async () => {
    const workspace = await findWorkspace(run.subjectId, EVERYTHING)
    if (!workspace) return
    await removeOutside(workspace)
    await deleteRemovedWorkspace(workspace)
  })])
  await settleRun(runId, null)
}
removeWorkspace.maxRetries = UNLIMITED_RETRIES

/** The resource that was created first contains all others: they are removed with it. */
async function removeOutside(workspace: WorkspaceRecord): Promise<void> {
  const [resource] = await listSubjectResources(workspace.id)
  if (resource) await remove(resource, { find: () => findRemovable(workspace) })
}
