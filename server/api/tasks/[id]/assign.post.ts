import { setResponseStatus } from 'h3'
import { insertAssignment } from '../../../challenges/queries/assignments'
import { handle } from '../../../http/handle'
import { keyReused } from '../../../http/idempotency'
import { requireContributor, requireTask } from '../../../http/require'
import { planTaskWorkspace } from '../../../workspaces'
import { notFound } from '../../../http/problem'
import { taskProblems } from '../../../challenges/task-problems'
import { provisioningOfTask } from '../../../challenges/task-view'
import { startRun } from '../../../engine/dispatch'

export default handle('assignTask', async ({ event, actor, params, body, idempotencyKey }) => {
  const task = await requireTask(params.id)
  const { id: userId } = await requireContributor(body.userId)
  const outcome = await startRun({ actor: actor.id, request: `assign ${task.id}`, body, idempotencyKey }, async (tx) => {
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
