import { listAssignees } from '../../../challenges/queries/assignments'
import { toAssignee } from '../../../contributors/view'
import { handle } from '../../../http/handle'
import { requireTask } from '../../../http/require'

export default handle('listTaskAssignees', async ({ params }) => {
  const { id } = await requireTask(params.id)
  return { items: (await listAssignees([id])).map(toAssignee) }
})
