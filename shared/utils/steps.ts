import type { Failure } from '../schemas/problem'
import type { Step, StepItem, StepStatus } from '../schemas/run'

/** What is stored of one item of a step. */
export interface ItemState extends StepItem { step: string, startedAt: string | null, finishedAt: string | null }

/**
 * The sum of a step's items, as users see it.
 * @param isOver whether the run has ended: then what is left of a step is not under way
 */
export function sumStep(config: { name: string, title: string }, order: number, items: ItemState[], isOver = false): Step {
  const status = sumStatus(items.map(item => item.status), isOver)
  const times = (pick: (item: ItemState) => string | null) => items.map(pick).filter(time => time !== null).sort()
  const finished = status !== 'pending' && status !== 'running'
  return {
    name: config.name,
    title: config.title,
    order,
    status,
    attempts: Math.max(0, ...items.map(item => item.attempts)),
    done: items.filter(isDone).length,
    total: items.length,
    error: firstError(items),
    startedAt: times(item => item.startedAt)[0] ?? null,
    finishedAt: finished ? times(item => item.finishedAt).at(-1) ?? null : null,
    items: items.map(({ key, status, attempts, error, nextAttemptAt }) => ({ key, status, attempts, error, nextAttemptAt })),
  }
}

const isDone = ({ status }: { status: StepStatus }) => status === 'completed' || status === 'skipped'

/** A failed item shows once nothing of the step is under way any more: others go on beside it. */
function sumStatus(statuses: StepStatus[], isOver: boolean): StepStatus {
  const some = (status: StepStatus) => statuses.includes(status)
  if (some('running') && !isOver) return 'running'
  if (some('failed')) return 'failed'
  if (some('pending') || some('running')) return isOver || statuses.every(status => status === 'pending') ? 'pending' : 'running'
  return statuses.length && statuses.every(status => status === 'skipped') ? 'skipped' : 'completed'
}

const severity: Record<StepStatus, number> = { failed: 0, running: 1, pending: 2, skipped: 3, completed: 4 }

const firstError = (items: ItemState[]): Failure | null =>
  items.filter(item => item.error).sort((a, b) => severity[a.status] - severity[b.status])[0]?.error ?? null
