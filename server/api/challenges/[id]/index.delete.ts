import { deleteChallenge } from '../../../challenges/queries/challenges'
import { expectRemoved } from '../../../http/expect-removed'
import { handle } from '../../../http/handle'

export default handle('deleteChallenge', async ({ params: { id } }) => {
  expectRemoved('challenge', id, await deleteChallenge(id), { by: 'tasks or linked repositories', fix: 'Delete its tasks and unlink its repositories first, or close it: PUT /api/challenges/{id} { "status": "closed" }.' })
})
