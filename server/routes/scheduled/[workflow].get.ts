import { timingSafeEqual } from 'node:crypto'
import { getRequestHeader } from 'h3'
import { cronSecret } from '../../lib/env'
import { sha256 } from '../../utils/access'
import { handle } from '../../utils/handle'
import { notFound, problem } from '../../utils/problem'
import { lastTick, scheduledWorkflows, startTick } from '../../workflows/schedule'

export default handle('startScheduled', async ({ event, params }) => {
  const secret = cronSecret()
  const given = getRequestHeader(event, 'authorization') ?? ''
  // Compared by digests of one length, in constant time.
  if (!secret || !timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(`Bearer ${secret}`)))) throw problem({
    status: 401,
    code: 'SCHEDULER_ONLY',
    detail: 'The request does not carry the secret of the scheduler.',
    why: 'What is scheduled starts by its schedule, and not because somebody asks.',
    fix: 'Set CRON_SECRET on the server, and send it as "authorization: Bearer <CRON_SECRET>".',
  })
  const workflow = scheduledWorkflows.find(name => name === params.workflow)
  if (!workflow) throw notFound('scheduled workflow', params.workflow)
  const tick = lastTick(workflow, new Date())
  return { workflow, tick: tick.toISOString(), state: await startTick(workflow, tick) }
})
