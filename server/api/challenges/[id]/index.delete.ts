import { deleteChallenge } from '../../../db/queries/challenges'
import { expectRemoved } from '../../../utils/expect-removed'
import { handle } from '../../../utils/handle'

export default handle('deleteChallenge', async ({ params: { id } }) => {
  expectRemoved('challenge', id, await deleteChallenge(id), { by: 'tasks or linked repositories', fix: 'Delete its tasks and unlink its repositories first, or close it: PUT /api/challenges/{id} { "status": "closed" }.' })
})
