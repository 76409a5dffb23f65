import { EVERYTHING } from '../../../../db/scope'
import { findRun } from '../../../../engine/views'
import { answerWait } from '../../../../engine/waits'
import { handle } from '../../../../http/handle'
import { requireRun } from '../../../../http/require'
import { waitProblem } from '../../../../http/run-problems'

export default handle('answerWait', async ({ actor, params: { id, waitId }, body: { answer } }) => {
  await requireRun(id, actor.scope)
  const outcome = await answerWait(id, { id: waitId }, answer, actor.id)
  if (outcome.state !== 'answered') throw waitProblem(outcome)
  return (await findRun(id, EVERYTHING))!
})
