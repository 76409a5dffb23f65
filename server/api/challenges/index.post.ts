import { insertChallenge, toChallenge } from '../../challenges'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'
import { requireProject } from '../../projects'

export default handle('createChallenge', async ({ actor, body }) => {
  await requireProject(body.project_id, actor.scope)
  const challenge = await insertChallenge(body)
  if (!challenge) throw problem('NUMBER_TAKEN', { index: body.index! })
  return toChallenge(challenge)
})
