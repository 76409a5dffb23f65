import { setResponseStatus } from 'h3'
import { assignTask, provisioningOfTask, requireTask } from '../../../challenges'
import { requireContributor } from '../../../contributors'
import { handle } from '../../../http/handle'

export default handle('assignTask', async ({ event, actor, params, body, idempotencyKey }) => {
  const task = await requireTask(params.id, actor.scope)
  await requireContributor(body.userId, actor.scope)
  const assignment = await assignTask(task, { actor: actor.id, body, idempotencyKey })
  const provisioning = await provisioningOfTask(task.id)
  if (provisioning.every(({ status }) => status === 'ready')) setResponseStatus(event, 201)
  return { assignment, provisioning }
})
