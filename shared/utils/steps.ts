import type { Failure } from '../schemas/problem'
import type { Step, StepItem, StepStatus } from '../schemas/run'

/** What is stored of one item of a step. */
export interface ItemState extends StepItem { step: string, startedAt: string | null, finishedAt: string | null }

/**
 * The sum of a step's items, as users see it.
 * @param left the status of unfinished items of a run that has ended: a retry may do them, a cancel skips them
 */
export function sumStep(config: { name: string, title: string }, order: number, stored: ItemState[], left?: 'pending' | 'skipped'): Step {
  const status = sumStatus(stored.map(item => item.status), left)
  const items = left === 'skipped' ? stored.map(item => isUnfinished(item) ? { ...item, ...SKIPPED } : item) : stored
  const times = (pick: (item: ItemState) => string | null) => items.map(pick).filter(time => time !== null).sort()
  const finished = status !== 'pending' && status !== 'running'
  return {
    name: config.name,
    title: config.title,
    order,
    status,
    attempts: Math.max(0, ...items.map(item => item.attempts)),
    done: stored.filter(isDone).length,
    total: items.length,
    error: firstError(items),
    startedAt: times(item => item.startedAt)[0] ?? null,
    finishedAt: finished ? times(item => item.finishedAt).at(-1) ?? null : null,
    items: items.map(({ key, label, status, attempts, error, nextAttemptAt }) => ({ key, label, status, attempts, error, nextAttemptAt })),
  }
}

const SKIPPED = { status: 'skipped', error: null, nextAttemptAt: null } as const

const isUnfinished = ({ status }: { status: StepStatus }) => status === 'pending' || status === 'running'
const isDone = ({ status }: { status: StepStatus }) => status === 'completed' || status === 'skipped'

/** A failed item shows when no item of the step is running any more: the others go on until then. */
function sumStatus(statuses: StepStatus[], left?: StepStatus): StepStatus {
  const some = (status: StepStatus) => statuses.includes(status)
  if (some('running') && !left) return 'running'
  if (some('failed')) return 'failed'
  if (some('pending') || some('running')) return left ?? (statuses.every(status => status === 'pending') ? 'pending' : 'running')
  return statuses.length && statuses.every(status => status === 'skipped') ? 'skipped' : 'completed'
}

const severity: Record<StepStatus, number> = { failed: 0, running: 1, pending: 2, skipped: 3, completed: 4 }

const firstError = (items: ItemState[]): Failure | null =>
  items.filter(item => item.error).sort((a, b) => severity[a.status] - severity[b.status])[0]?.error ?? null
