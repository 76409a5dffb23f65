import { authorizeScheduler } from '../../utils/scheduler'
import { handle } from '../../utils/handle'
import { notFound } from '../../utils/problem'
import { lastTick, scheduledWorkflows, startTick } from '../../workflows/schedule'

export default handle('startScheduled', async ({ event, params }) => {
  authorizeScheduler(event)
  const workflow = scheduledWorkflows.find(name => name === params.workflow)
  if (!workflow) throw notFound('scheduled workflow', params.workflow)
  const tick = lastTick(workflow, new Date())
  return { workflow, tick: tick.toISOString(), state: await startTick(workflow, tick) }
})
