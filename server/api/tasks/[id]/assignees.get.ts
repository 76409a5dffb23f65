import { listAssignees } from '../../../db/queries/assignments'
import { toAssignee } from '../../../utils/contributor-view'
import { handle } from '../../../utils/handle'
import { knownTask } from '../../../utils/known'

export default handle('listTaskAssignees', async ({ params }) => {
  const { id } = await knownTask(params.id)
  return { items: (await listAssignees([id])).map(toAssignee) }
})
