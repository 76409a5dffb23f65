import { setResponseStatus } from 'h3'
import { insertAssignment } from '../../../db/queries/assignments'
import { handle } from '../../../utils/handle'
import { keyReused } from '../../../utils/key-reused'
import { knownContributor, knownTask } from '../../../utils/known'
import { planTaskWorkspace } from '../../../utils/plan-workspace'
import { notFound } from '../../../utils/problem'
import { taskProblems } from '../../../utils/task-problems'
import { provisioningOfTask } from '../../../utils/task-view'
import { startRun } from '../../../workflows/start'

export default handle('assignTask', async ({ event, actor, params, body, idempotencyKey }) => {
  const task = await knownTask(params.id)
  const { id: userId } = await knownContributor(body.userId)
  const outcome = await startRun('provision-workspace', { actor: actor.id, request: `assign ${task.id}`, body, idempotencyKey }, async (tx) => {
    const assignment = await insertAssignment(tx, task, { userId, actor: actor.id, plan: planTaskWorkspace })
    if (assignment.state === 'gone') throw notFound('task or contributor', `${task.id}, ${userId}`)
    if (assignment.state !== 'assigned') throw taskProblems[assignment.state]()
    return { task_id: task.id, user_id: userId, assigned_at: assignment.assignedAt.toISOString() }
  })
  if (outcome.state === 'key-reused') throw keyReused()
  const provisioning = await provisioningOfTask(task.id)
  if (provisioning.every(({ status }) => status === 'ready')) setResponseStatus(event, 201)
  return { assignment: outcome.recorded, provisioning }
})
