import { findRun, findRunSummary } from '../../../engine/queries/runs'
import { handle } from '../../../http/handle'
import { notFound, problem } from '../../../http/problem'
import { cancelRun, type CancelOutcome } from '../../../engine/cancel'

export default handle('cancelRun', async ({ actor, params: { id }, body, idempotencyKey }) => {
  const outcome = await cancelRun(id, { actor: actor.id, request: `cancelRun ${id}`, body, idempotencyKey, rollback: body.rollback })
  if (outcome.state !== 'cancelled') throw refusal(id, outcome)
  const rolledBackBy = outcome.rolledBackBy ? (await findRunSummary(outcome.rolledBackBy)) ?? null : null
  return { ...(await findRun(id))!, rolledBackBy }
})

type TooManyRequests = Exclude<CancelOutcome, { state: 'cancelled' }>

function refusal(id: string, outcome: TooManyRequests) {
  if (outcome.state === 'key-reused') return problem({
    status: 409,
    code: 'IDEMPOTENCY_KEY_REUSED',
    detail: 'This Idempotency-Key was used for another request.',
    why: 'A key stands for one request; the same key with another body is a mistake of the caller.',
    fix: 'Use a new key, or send the first request again.',
  })
  if (outcome.state === 'cannot-take-back') return problem({
    status: 409,
    code: 'CANNOT_TAKE_BACK',
    detail: 'Nothing can be taken back of what this run does.',
    why: 'Its workflow has none that undoes it.',
    fix: 'Cancel it without rollback.',
  })
  if (outcome.status === undefined) return notFound('run', id)
  return problem({
    status: 409,
    code: 'RUN_OVER',
    detail: `This run is ${outcome.status} already.`,
    why: 'Only what still goes on can be cancelled.',
    fix: outcome.status === 'completed' ? 'Nothing: what it made stays.' : 'Nothing: nothing more happens in it. POST /api/runs/{id}/retry takes it up again.',
  })
}
