import { findRun } from '../../../../engine/views'
import { answerWait } from '../../../../engine/waits'
import { handle } from '../../../../http/handle'
import { notFound } from '../../../../http/problem'
import { waitProblem } from '../../../../http/run-problems'

export default handle('answerWait', async ({ actor, params: { id, waitId }, body: { answer } }) => {
  if (!await findRun(id)) throw notFound('run', id)
  const outcome = await answerWait(id, { id: waitId }, answer, actor.id)
  if (outcome.state !== 'answered') throw waitProblem(outcome)
  return (await findRun(id))!
})
