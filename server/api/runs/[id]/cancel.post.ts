import { EVERYTHING } from '../../../db/scope'
import { cancelRun } from '../../../engine/cancel'
import { findRun, findRunSummary } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { requireRun } from '../../../http/require'
import { cancelProblem } from '../../../http/run-problems'

export default handle('cancelRun', async ({ actor, params: { id }, body, idempotencyKey }) => {
  await requireRun(id, actor.scope)
  const { rollback } = body
  const outcome = await cancelRun(id, { actor: actor.id, request: `cancelRun ${id}`, body, idempotencyKey, rollback })
  if (outcome.state !== 'cancelled') throw cancelProblem(id, outcome)
  const rolledBackBy = outcome.rolledBackBy ? (await findRunSummary(outcome.rolledBackBy, EVERYTHING)) ?? null : null
  return { ...(await findRun(id, EVERYTHING))!, rolledBackBy }
})
