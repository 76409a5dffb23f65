import { claimRun } from '../../../engine/queries/runs'
import { findWorkspace, updateWorkspace } from '../../../workspaces/queries/workspaces'
import { attempt, retryWhenDue, type Outcome, valueOf } from '../../../ledger'
import { UNLIMITED_RETRIES, type StepName, workflows } from '../../../../workflows.config'
import { endWithoutSubject } from '../../../engine/settle'
import { ensureBase, ensureParent, ensureWorkspace, settle } from '../../../workspaces/provision'

/**
 * Claims the run for this execution, makes the workspace from a base that is found once (a task's
 * only after its challenge's), and ends the run. Does nothing when another execution has the run.
 */
export async function makeWorkspace(runId: string, runtimeRunId: string): Promise<void> {
  'use step'
  const run = await claimRun(runId, runtimeRunId)
  if (!run) return
  const workspace = await findWorkspace(run.subjectId)
  if (!workspace) return endWithoutSubject(runId)
  const item = <T>(step: StepName<'provision-workspace'>, make: () => Promise<T>): Promise<Outcome<T>> =>
    attempt({ runId, retry: workflows['provision-workspace'].retry }, step, 'main', make)

  const parent = await (workspace.kind === 'task' ? item('PREPARE_PARENT', () => ensureParent(runId, workspace)) : noParent)
  const base = await after(parent, branch => item('FIND_BASE', () => ensureBase(workspace, branch)))
  const made = await after(base, base => item('MAKE_WORKSPACE', () => ensureWorkspace(runId, workspace, base)))
  retryWhenDue([made])
  const ready = valueOf(made)
  if (ready) await updateWorkspace(workspace, { status: 'ready', ...ready })
  await settle(runId, ready ? undefined : workspace)
}
makeWorkspace.maxRetries = UNLIMITED_RETRIES

const noParent: Outcome<null> = { state: 'done', value: null }

/** Goes on with what was made; what was not is passed on as it is. */
const after = async <T, U>(outcome: Outcome<T>, next: (value: T) => Promise<Outcome<U>>): Promise<Outcome<U>> =>
  outcome.state === 'done' ? next(outcome.value) : outcome
