import { listAssignees, requireTask, toAssignee } from '../../../challenges'
import { handle } from '../../../http/handle'

export default handle('listTaskAssignees', async ({ actor, params }) => {
  const { id } = await requireTask(params.id, actor.scope)
  return { items: (await listAssignees([id])).map(toAssignee) }
})
