import type { Provisioning } from '#shared/schemas/workspace'
import type { RunStatus } from '#shared/schemas/run'

type State = Pick<Provisioning, 'status' | 'run'>

/** Whether a run is at the workspace at this moment. */
export const isUnderWay = ({ run }: State): boolean => run !== null && !isOver(run)

/** Whether somebody ended the run that was to make it. */
const isCancelled = ({ status, run }: State): boolean => status !== 'ready' && run?.status === 'cancelled'

/** What a workspace is at this moment: what its run does, and else what it came to. */
export const stateOf = (workspace: State): Provisioning['status'] | RunStatus =>
  isUnderWay(workspace) || isCancelled(workspace) ? workspace.run!.status : workspace.status
