import { findRun, findRunSummary } from '../../../engine/queries/runs'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'
import { retryProblem } from '../../../http/retry-problem'
import { retryRun } from '../../../engine/dispatch'
import type { WorkflowName } from '../../../../workflows.config'

export default handle('retryRun', async ({ actor, params: { id } }) => {
  const run = await findRunSummary(id)
  if (!run) throw notFound('run', id)
  const retry = await retryRun(run.workflow as WorkflowName, run.subjectId, actor.id, id)
  if (retry.state !== 'retrying') throw retryProblem('run', retry)
  return (await findRun(retry.runId))!
})
