import { deleteAssignment } from '../../../challenges/queries/assignments'
import { handle } from '../../../http/handle'
import { requireContributor, requireTask } from '../../../http/require'
import { taskProblems } from '../../../challenges/task-problems'

export default handle('unassignTask', async ({ params, query }) => {
  const task = await requireTask(params.id)
  const { id: userId } = await requireContributor(query.userId)
  if (!await deleteAssignment(task.id, userId)) throw taskProblems.notAssigned()
  return { success: true as const }
})
