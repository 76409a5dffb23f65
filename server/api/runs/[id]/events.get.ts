import { findRun } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { requireRun } from '../../../http/require'
import { streamChanges } from '../../../http/sse'

const ENDED = ['completed', 'failed', 'cancelled']

export default handle('streamRun', async ({ event, actor, params: { id } }) => {
  await requireRun(id, actor.scope)
  return streamChanges(event, actor, id, async (push, _, scope) => {
    const run = await findRun(id, scope)
    if (!run) return 'ended'
    await push('run', run)
    if (ENDED.includes(run.status)) return 'ended'
    return run.queuedBehind === null ? 'open' : 'queued'
  })
})
