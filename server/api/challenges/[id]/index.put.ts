import { requireChallenge, toChallenge, updateChallenge } from '../../../challenges'
import { handle } from '../../../http/handle'
import { notFound, problem } from '../../../http/problem'
import { endsBeforeStart } from '../../../../shared/schemas/challenge'

export default handle('updateChallenge', async ({ actor, params: { id }, body }) => {
  const { startDate, endDate } = await requireChallenge(id, actor.scope)
  if (endsBeforeStart({ start_date: startDate, end_date: endDate, ...body })) throw problem('ENDS_BEFORE_START')
  const challenge = await updateChallenge(id, body)
  if (!challenge) throw notFound('challenge', id)
  return toChallenge(challenge)
})
