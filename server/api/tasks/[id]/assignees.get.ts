import { listAssignees, requireTask, toAssignee } from '../../../challenges'
import { handle } from '../../../http/handle'

export default handle('listTaskAssignees', async ({ params }) => {
  const { id } = await requireTask(params.id)
  return { items: (await listAssignees([id])).map(toAssignee) }
})
