import { EVERYTHING } from '../../../db/scope'
import { claimRun, settleRun } from '../../../engine/dispatch'
import { retryWhenDue, valueOf } from '../../../ledger'
import { failure } from '../../../lib/messages'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import { findWorkspace, provisionChallengeWorkspace, provisionTaskWorkspace, updateWorkspace } from '../../../workspaces'

/**
 * Claims the run, creates the workspace from a base that is found once (a task's after its challenge's), and settles
 * the run. Does nothing when another execution has the run.
 */
export async function createWorkspace(runId: string, executionId: string): Promise<void> {
  'use step'
  const run = await claimRun(runId, executionId)
  if (!run) return
  const workspace = await findWorkspace(run.subjectId, EVERYTHING)
  if (!workspace) return settleRun(runId, failure('SUBJECT_GONE', { subject: 'workspace' }))
  const provision = workspace.kind === 'task' ? provisionTaskWorkspace : provisionChallengeWorkspace
  const created = await provision(run, workspace)
  retryWhenDue([created])
  const ready = valueOf(created)
  if (ready) await updateWorkspace(workspace, { status: 'ready', ...ready })
  else if (workspace.status === 'pending') await updateWorkspace(workspace, { status: 'failed' })
  await settleRun(runId, null, ready && { ref: ready.ref, url: ready.url })
}
createWorkspace.maxRetries = UNLIMITED_RETRIES
