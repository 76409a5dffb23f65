import type { CancelOutcome } from '../engine/cancel'
import type { AnswerOutcome } from '../engine/waits'
import { keyReused } from './idempotency'
import { notFound, problem } from './problem'

/** The answer to a cancel that was refused. */
export function cancelProblem(id: string, outcome: Exclude<CancelOutcome, { state: 'cancelled' }>) {
  if (outcome.state === 'key-reused') return keyReused()
  if (outcome.state === 'cannot-roll-back') return problem({
    status: 409,
    code: 'CANNOT_ROLL_BACK',
    detail: 'This run cannot be rolled back: its workflow has no rollback.',
    why: 'Nothing removes what it created.',
    fix: 'Cancel it without rollback.',
  })
  if (outcome.status === undefined) return notFound('run', id)
  return problem({
    status: 409,
    code: 'RUN_OVER',
    detail: `This run is ${outcome.status} already.`,
    why: 'Only an active run can be cancelled.',
    fix: outcome.status === 'completed' ? 'Leave it: what it created stays.' : 'Retry it with POST /api/runs/{id}/retry, or leave it.',
  })
}

/** The answer to an answer that a wait did not take. */
export function waitProblem(outcome: Exclude<AnswerOutcome, { state: 'answered' }>) {
  if (outcome.state === 'not-waiting') return problem({
    status: 409,
    code: 'NOT_WAITING',
    detail: 'The run does not wait for this answer any more.',
    why: 'Somebody answered it already, or the run has ended.',
    fix: 'Look at the run: GET /api/runs/{id}.',
  })
  return problem({
    status: 422,
    code: 'ANSWER_INVALID',
    detail: `The answer is not valid: ${outcome.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ')}`,
    why: 'It is not what the wait asks for.',
    fix: 'Correct the fields that are listed in errors and send the answer again.',
    errors: outcome.issues.map(({ path, message }) => ({ field: ['answer', ...path].join('.'), message, fix: 'Correct it; the wait\'s schema says how.' })),
  })
}
