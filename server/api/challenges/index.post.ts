import { insertChallenge } from '../../db/queries/challenges'
import { toChallenge } from '../../utils/challenge-view'
import { handle } from '../../utils/handle'
import { knownProject } from '../../utils/known'
import { problem } from '../../utils/problem'

export default handle('createChallenge', async ({ body }) => {
  await knownProject(body.project_id)
  const challenge = await insertChallenge(body)
  if (!challenge) throw problem({
    status: 409,
    code: 'NUMBER_TAKEN',
    detail: `There is a challenge ${body.index} already.`,
    why: 'A challenge\'s number names its workspaces, so no two have the same.',
    fix: 'Choose another index, or leave it out to get the next one.',
  })
  return toChallenge(challenge)
})
