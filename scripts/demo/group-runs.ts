import type { Run, RunStatus, Step, StepStatus } from '../../shared/schemas/run.ts'
import { type Display, sum } from './progress.ts'

const stepStatus: Record<RunStatus, StepStatus> = {
  pending: 'pending',
  running: 'running',
  waiting: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'skipped',
}

/** A whole run as one step of a group. */
const toStep = (title: string, { id, status, steps, error, startedAt, finishedAt }: Run): Step => ({
  name: id,
  title,
  order: 0,
  status: stepStatus[status],
  error: error ?? steps.find(step => step.error)?.error ?? null,
  startedAt,
  finishedAt,
  items: [],
  attempts: Math.max(1, ...steps.map(step => step.attempts)),
  done: sum(steps.map(step => step.done)),
  total: sum(steps.map(step => step.total)),
})

/** Displays several runs as the steps of one. @returns updates one of the runs */
export function groupRuns(name: string, display: Display): (title: string, run: Run) => void {
  const runs = new Map<string, Step>()
  return (title, run) => {
    runs.set(run.id, toStep(title, run))
    const steps = [...runs.values()]
    display.update({ name, run: { status: statusOf(steps), steps } })
  }
}

function statusOf(steps: Step[]): RunStatus {
  if (steps.some(({ status }) => status === 'pending' || status === 'running')) return 'running'
  return steps.every(({ status }) => status === 'completed') ? 'completed' : 'failed'
}
