import type { Run, RunStatus, Step, StepStatus } from '../../shared/schemas/run.ts'
import { type Display, sum } from './progress.ts'

const asStep: Record<RunStatus, StepStatus> = { pending: 'pending', running: 'running', waiting: 'running', completed: 'completed', failed: 'failed', cancelled: 'skipped' }

/** A whole run as one line among others. */
const toStep = (title: string, { id, status, steps, error, startedAt, finishedAt }: Run): Step => ({
  name: id, title, order: 0, status: asStep[status], error: error ?? steps.find(step => step.error)?.error ?? null, startedAt, finishedAt, items: [],
  attempts: Math.max(1, ...steps.map(step => step.attempts)), done: sum(steps.map(step => step.done)), total: sum(steps.map(step => step.total)),
})

/** Shows several runs under one name, a line each. @returns tells the state of one of them */
export function together(name: string, display: Display): (title: string, run: Run) => void {
  const lines = new Map<string, Step>()
  return (title, run) => {
    lines.set(run.id, toStep(title, run))
    const steps = [...lines.values()]
    display.update({ name, run: { status: statusOf(steps), steps } })
  }
}

function statusOf(steps: Step[]): RunStatus {
  if (steps.some(({ status }) => status === 'pending' || status === 'running')) return 'running'
  return steps.every(({ status }) => status === 'completed') ? 'completed' : 'failed'
}
