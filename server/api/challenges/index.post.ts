import { insertChallenge } from '../../challenges/queries/challenges'
import { toChallenge } from '../../challenges/view'
import { handle } from '../../http/handle'
import { requireProject } from '../../http/require'
import { problem } from '../../http/problem'

export default handle('createChallenge', async ({ body }) => {
  await requireProject(body.project_id)
  const challenge = await insertChallenge(body)
  if (!challenge) throw problem('NUMBER_TAKEN', { index: body.index! })
  return toChallenge(challenge)
})
