import { findRun, findRunSummary } from '../../../db/queries/runs'
import { handle } from '../../../utils/handle'
import { notFound } from '../../../utils/problem'
import { retryProblem } from '../../../utils/retry-problem'
import { retryRun } from '../../../workflows/start'
import type { WorkflowName } from '../../../../workflows.config'

export default handle('retryRun', async ({ actor, params: { id } }) => {
  const run = await findRunSummary(id)
  if (!run) throw notFound('run', id)
  const retry = await retryRun(run.workflow as WorkflowName, run.subjectId, actor.id, id)
  if (retry.state !== 'retrying') throw retryProblem('run', retry)
  return (await findRun(retry.runId))!
})
