import type { CourseStatus } from '#shared/schemas/course'
import type { RunStatus, RunSummary, StepStatus } from '#shared/schemas/run'
import type { WorkspaceStatus } from '#shared/schemas/workspace'

export type Tone = 'neutral' | 'primary' | 'success' | 'warning' | 'error'
export type AnyStatus = CourseStatus | RunStatus | StepStatus | WorkspaceStatus

const styles = {
  pending: { label: 'Pending', tone: 'neutral' },
  running: { label: 'Running', tone: 'primary' },
  retrying: { label: 'Retrying', tone: 'primary' },
  waiting: { label: 'Waiting', tone: 'warning' },
  ready: { label: 'Ready', tone: 'success' },
  completed: { label: 'Completed', tone: 'success' },
  failed: { label: 'Failed', tone: 'error' },
  skipped: { label: 'Skipped', tone: 'warning' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
} as const satisfies Record<string, { label: string, tone: Tone }>

/** The one key for a status of a course, a run, a step, an item or a workspace. */
export function statusKey(status: AnyStatus): keyof typeof styles {
  const key = status.toLowerCase()
  return (key === 'in_progress' ? 'running' : key) as keyof typeof styles
}

/** The label and the colour of a status: the same for the same meaning. */
export const statusStyle = (status: AnyStatus): { label: string, tone: Tone } => styles[statusKey(status)]

/** Whether a run has ended for good. */
export const isFinished = ({ status }: Pick<RunSummary, 'status'>): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

/** The status of a course, from its live run; in the names of the published API. */
export function courseStatusOf({ status, retryOf }: Pick<RunSummary, 'status' | 'retryOf'>): CourseStatus {
  if (retryOf && (status === 'pending' || status === 'running')) return 'RETRYING'
  return status === 'running' ? 'IN_PROGRESS' : status.toUpperCase() as CourseStatus
}
