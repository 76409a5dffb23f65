import { awaitRuns } from '../engine/await-runs'
import { startRun } from '../engine/dispatch'
import { notFound, problem } from '../http/problem'
import { askProvider } from './observed-state'
import { insertReprovision, type WorkspaceRecord } from './queries/workspaces'

/**
 * Creates a workspace again that failed or is gone, and waits a moment for the run that does.
 * @throws 404, 409
 */
export async function reprovisionWorkspace(workspace: WorkspaceRecord, actor: string): Promise<void> {
  const { id } = workspace
  // Also of one that failed: a lost call may have created it, and a person may have removed it since.
  const { observed } = await askProvider(workspace)
  const outcome = await startRun({ actor, request: `reprovision ${id}`, body: {} }, async (tx) => {
    const inserted = await insertReprovision(tx, workspace, { actor, isGone: observed?.state === 'missing' })
    if ('refused' in inserted) throw inserted.refused === 'busy' ? problem('RUN_ACTIVE') : notFound('workspace', id)
    return { id, runId: inserted.runId }
  })
  if (outcome.state === 'started') await awaitRuns([outcome.recorded.runId])
}
