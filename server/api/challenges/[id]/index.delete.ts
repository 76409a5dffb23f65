import { deleteChallenge } from '../../../challenges/queries/challenges'
import { expectRemoved } from '../../../http/expect-removed'
import { handle } from '../../../http/handle'

export default handle('deleteChallenge', async ({ params: { id } }) => {
  expectRemoved('challenge', id, await deleteChallenge(id), 'CHALLENGE_IN_USE')
})
