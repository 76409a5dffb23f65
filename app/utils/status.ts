import type { CourseStatus } from '#shared/schemas/course'
import type { RunStatus, RunSummary, StepStatus } from '#shared/schemas/run'

export type Tone = 'neutral' | 'primary' | 'success' | 'warning' | 'error'
export type AnyStatus = CourseStatus | RunStatus | StepStatus

interface Look { label: string, tone: Tone, icon: string, spins?: true }

const looks = {
  pending: { label: 'Pending', tone: 'neutral', icon: 'i-lucide-circle-dashed' },
  running: { label: 'Running', tone: 'primary', icon: 'i-lucide-loader-circle', spins: true },
  retrying: { label: 'Retrying', tone: 'primary', icon: 'i-lucide-loader-circle', spins: true },
  waiting: { label: 'Waiting', tone: 'warning', icon: 'i-lucide-hourglass' },
  completed: { label: 'Completed', tone: 'success', icon: 'i-lucide-circle-check' },
  failed: { label: 'Failed', tone: 'error', icon: 'i-lucide-circle-x' },
  skipped: { label: 'Skipped', tone: 'warning', icon: 'i-lucide-circle-minus' },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: 'i-lucide-ban' },
} as const satisfies Record<string, Look>

/** How a status of a course, a run, a step or an item looks: one look for one meaning. */
export function lookOf(status: AnyStatus): Look {
  const word = status.toLowerCase()
  return looks[(word === 'in_progress' ? 'running' : word) as keyof typeof looks]
}

/** Whether nothing more happens in a run by itself. */
export const isOver = ({ status }: Pick<RunSummary, 'status'>): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

/** The status of a course, from its live run; in the words of the API. */
export function courseStatusOf({ status, retryOf }: Pick<RunSummary, 'status' | 'retryOf'>): CourseStatus {
  if (retryOf && (status === 'pending' || status === 'running')) return 'RETRYING'
  return status === 'running' ? 'IN_PROGRESS' : status.toUpperCase() as CourseStatus
}
