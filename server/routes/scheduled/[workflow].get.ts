import { authorizeScheduler } from '../../http/scheduler'
import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'
import { readLastTick, scheduledWorkflows, startTick } from '../../engine/schedule'

export default handle('startScheduled', async ({ event, params }) => {
  authorizeScheduler(event)
  const workflow = scheduledWorkflows().find(name => name === params.workflow)
  if (!workflow) throw notFound('scheduled workflow', params.workflow)
  const tick = await readLastTick(workflow)
  return { workflow, tick: tick.toISOString(), state: await startTick(workflow, tick) }
})
