import { deleteChallenge } from '../../../challenges'
import { handle } from '../../../http/handle'
import { requireRemoved } from '../../../http/require'

export default handle('deleteChallenge', async ({ actor, params: { id } }) => {
  requireRemoved('challenge', id, await deleteChallenge(id, actor.scope), 'CHALLENGE_IN_USE')
})
