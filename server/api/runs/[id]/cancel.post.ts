import { cancelRun } from '../../../engine/cancel'
import { findRun, findRunSummary } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { cancelProblem } from '../../../http/run-problems'

export default handle('cancelRun', async ({ actor, params: { id }, body, idempotencyKey }) => {
  const { rollback } = body
  const outcome = await cancelRun(id, { actor: actor.id, request: `cancelRun ${id}`, body, idempotencyKey, rollback })
  if (outcome.state !== 'cancelled') throw cancelProblem(id, outcome)
  const rolledBackBy = outcome.rolledBackBy ? (await findRunSummary(outcome.rolledBackBy)) ?? null : null
  return { ...(await findRun(id))!, rolledBackBy }
})
