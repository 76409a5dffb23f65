import type { CancelOutcome } from '../engine/cancel'
import type { RetryOutcome } from '../engine/retry'
import type { AnswerOutcome } from '../engine/waits'
import { notFound, problem } from './problem'

/** The problem of a retry that was refused. @param what a course or a run */
export function retryProblem(what: 'course' | 'run', outcome: Exclude<RetryOutcome, { state: 'retrying' }>) {
  if (outcome.state === 'none') return problem('NOT_FAILED', { what, status: 'new' })
  switch (outcome.reason) {
    case 'busy': return problem('SUBJECT_BUSY', { status: outcome.status })
    case 'superseded': return problem('SUPERSEDED', { by: outcome.by ?? '{id}' })
    case 'not-failed': return problem('NOT_FAILED', { what, status: outcome.status })
  }
}

/** The problem of a cancel that was refused. */
export function cancelProblem(id: string, outcome: Exclude<CancelOutcome, { state: 'cancelled' }>) {
  if (outcome.state === 'key-reused') return problem('IDEMPOTENCY_KEY_REUSED')
  if (outcome.state === 'cannot-roll-back') return problem('CANNOT_ROLL_BACK')
  if (outcome.status === undefined) return notFound('run', id)
  return outcome.status === 'completed' ? problem('RUN_COMPLETED') : problem('RUN_OVER', { status: outcome.status })
}

/** The problem of an answer that a wait refused. */
export function waitProblem(outcome: Exclude<AnswerOutcome, { state: 'answered' }>) {
  if (outcome.state === 'not-waiting') return problem('NOT_WAITING_FOR_ANSWER')
  const errors = outcome.issues.map(({ path, message }) =>
    ({ field: ['answer', ...path].join('.'), message, fix: 'Correct this field, and send the answer again.' }))
  return problem('ANSWER_INVALID', { problems: errors.map(({ field, message }) => `${field}: ${message}`).join(' ') }, { errors })
}
