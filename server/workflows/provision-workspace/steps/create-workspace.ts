import { settleRun } from '../../../engine/dispatch'
import { claimRunRow } from '../../../engine/queries/runs'
import { attempt, type Outcome, retryWhenDue, type RunRef, valueOf } from '../../../ledger'
import { failure } from '../../../lib/messages'
import { UNLIMITED_RETRIES } from '../../../ledger/unlimited-retries'
import {
  ensureBase, ensureParent, ensureWorkspace, findWorkspace, type Provisioned, updateWorkspace, type WorkspaceRecord,
} from '../../../workspaces'

/**
 * Claims the run, creates the workspace from a base that is found once (a task's after its challenge's), and settles
 * the run. Does nothing when another execution has the run.
 */
export async function createWorkspace(runId: string, executionId: string): Promise<void> {
  'use step'
  const run = await claimRunRow(runId, executionId)
  if (!run) return
  const workspace = await findWorkspace(run.subjectId)
  if (!workspace) return settleRun(runId, failure('SUBJECT_GONE', { subject: 'workspace' }))
  const created = await provision(run, workspace)
  retryWhenDue([created])
  const ready = valueOf(created)
  if (ready) await updateWorkspace(workspace, { status: 'ready', ...ready })
  else if (workspace.status === 'pending') await updateWorkspace(workspace, { status: 'failed' })
  await settleRun(runId, null, ready && { ref: ready.ref, url: ready.url })
}
createWorkspace.maxRetries = UNLIMITED_RETRIES

async function provision(run: RunRef, workspace: WorkspaceRecord): Promise<Outcome<Provisioned>> {
  const parent = workspace.kind === 'task'
    ? await attempt(run, 'PREPARE_PARENT', 'main', () => ensureParent(run, workspace))
    : noParent
  const base = await after(parent, branch => attempt(run, 'FIND_BASE', 'main', () => ensureBase(workspace, branch)))
  return after(base, base => attempt(run, 'CREATE_WORKSPACE', 'main', () => ensureWorkspace(run, workspace, base)))
}

const noParent: Outcome<null> = { state: 'done', value: null }

/** Continues with a value; any other outcome is passed on as it is. */
const after = async <T, U>(outcome: Outcome<T>, next: (value: T) => Promise<Outcome<U>>): Promise<Outcome<U>> =>
  outcome.state === 'done' ? next(outcome.value) : outcome
