import type { CourseStatus } from '#shared/schemas/course'
import type { RunStatus, RunSummary, StepStatus } from '#shared/schemas/run'
import type { WorkspaceStatus } from '#shared/schemas/workspace'

export type Tone = 'neutral' | 'primary' | 'success' | 'warning' | 'error'
export type AnyStatus = CourseStatus | RunStatus | StepStatus | WorkspaceStatus

const looks = {
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

/** The one word that a status of a course, a run, a step, an item or a workspace means. */
export function wordOf(status: AnyStatus): keyof typeof looks {
  const word = status.toLowerCase()
  return (word === 'in_progress' ? 'running' : word) as keyof typeof looks
}

/** How a status is called and coloured: one look for one meaning. */
export const lookOf = (status: AnyStatus): { label: string, tone: Tone } => looks[wordOf(status)]

/** Whether nothing more happens in a run by itself. */
export const isOver = ({ status }: Pick<RunSummary, 'status'>): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

/** The status of a course, from its live run; in the words of the API. */
export function courseStatusOf({ status, retryOf }: Pick<RunSummary, 'status' | 'retryOf'>): CourseStatus {
  if (retryOf && (status === 'pending' || status === 'running')) return 'RETRYING'
  return status === 'running' ? 'IN_PROGRESS' : status.toUpperCase() as CourseStatus
}
