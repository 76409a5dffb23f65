import type { Provisioning } from '#shared/schemas/workspace'
import type { RunStatus } from '#shared/schemas/run'

type State = Pick<Provisioning, 'status' | 'run'>

/** Whether a run is working on the workspace now. */
export const hasActiveRun = ({ run }: State): boolean => run !== null && !isFinished(run)

/** Whether somebody cancelled the run that was to create it. */
const isCancelled = ({ status, run }: State): boolean => status !== 'ready' && run?.status === 'cancelled'

/** The status that a workspace shows: that of its active or cancelled run, otherwise its own. */
export const workspaceState = (workspace: State): Provisioning['status'] | RunStatus =>
  hasActiveRun(workspace) || isCancelled(workspace) ? workspace.run!.status : workspace.status
