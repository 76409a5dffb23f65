import { deleteAssignment } from '../../../db/queries/assignments'
import { handle } from '../../../utils/handle'
import { knownContributor, knownTask } from '../../../utils/known'
import { taskProblems } from '../../../utils/task-problems'

export default handle('unassignTask', async ({ params, query }) => {
  const task = await knownTask(params.id)
  const { id: userId } = await knownContributor(query.userId)
  if (!await deleteAssignment(task.id, userId)) throw taskProblems.notAssigned()
  return { success: true as const }
})
