import { deleteAssignment } from '../../../challenges/queries/assignments'
import { handle } from '../../../http/handle'
import { requireContributor, requireTask } from '../../../http/require'
import { problem } from '../../../http/problem'

export default handle('unassignTask', async ({ params, query }) => {
  const task = await requireTask(params.id)
  const { id: userId } = await requireContributor(query.userId)
  if (!await deleteAssignment(task.id, userId)) throw problem('NOT_ASSIGNED')
  return { success: true as const }
})
