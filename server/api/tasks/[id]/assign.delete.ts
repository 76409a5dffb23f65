import { deleteAssignment, requireTask } from '../../../challenges'
import { requireContributor } from '../../../contributors'
import { handle } from '../../../http/handle'
import { problem } from '../../../http/problem'

export default handle('unassignTask', async ({ actor, params, query }) => {
  const task = await requireTask(params.id, actor.scope)
  const { id: userId } = await requireContributor(query.userId, actor.scope)
  if (!await deleteAssignment(task.id, userId)) throw problem('NOT_ASSIGNED')
  return { success: true as const }
})
