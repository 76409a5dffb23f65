import { insertChallenge } from '../../challenges/queries/challenges'
import { toChallenge } from '../../challenges/view'
import { handle } from '../../http/handle'
import { requireProject } from '../../http/require'
import { problem } from '../../http/problem'

export default handle('createChallenge', async ({ body }) => {
  await requireProject(body.project_id)
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
