import { EVERYTHING } from '../../../db/scope'
import { retryRun } from '../../../engine/retry'
import { findRun } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'
import { requireRun } from '../../../http/require'
import { retryProblem } from '../../../http/run-problems'

export default handle('retryRun', async ({ actor, params: { id } }) => {
  await requireRun(id, actor.scope)
  const retry = await retryRun(id, actor.id)
  if (retry.state === 'none') throw notFound('run', id)
  if (retry.state !== 'retrying') throw retryProblem('run', retry)
  return (await findRun(retry.runId, EVERYTHING))!
})
