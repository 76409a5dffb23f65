import { setResponseStatus } from 'h3'
import { insertAssignment } from '../../../challenges/queries/assignments'
import { handle } from '../../../http/handle'
import { requireContributor, requireTask } from '../../../http/require'
import { planTaskWorkspace } from '../../../workspaces'
import { notFound, problem } from '../../../http/problem'
import { provisioningOfTask } from '../../../challenges/task-view'
import { startRun } from '../../../engine/dispatch'

export default handle('assignTask', async ({ event, actor, params, body, idempotencyKey }) => {
  const task = await requireTask(params.id)
  const { id: userId } = await requireContributor(body.userId)
  const outcome = await startRun({ actor: actor.id, request: `assign ${task.id}`, body, idempotencyKey }, async (tx) => {
    const assignment = await insertAssignment(tx, task, { userId, actor: actor.id, plan: planTaskWorkspace })
    if (assignment.state === 'gone') throw notFound('task or contributor', `${task.id}, ${userId}`)
    if (assignment.state !== 'assigned') throw problem(assignment.state === 'taken' ? 'TASK_TAKEN' : 'ALREADY_ASSIGNED')
    return { task_id: task.id, user_id: userId, assigned_at: assignment.assignedAt.toISOString() }
  })
  if (outcome.state === 'key-reused') throw problem('IDEMPOTENCY_KEY_REUSED')
  const provisioning = await provisioningOfTask(task.id)
  if (provisioning.every(({ status }) => status === 'ready')) setResponseStatus(event, 201)
  return { assignment: outcome.recorded, provisioning }
})
