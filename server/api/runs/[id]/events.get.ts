import { findRun } from '../../../engine/views'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'
import { streamChanges } from '../../../http/sse'

const ENDED = ['completed', 'failed', 'cancelled']

export default handle('streamRun', async ({ event, actor, params: { id } }) => {
  if (!await findRun(id)) throw notFound('run', id)
  return streamChanges(event, actor, id, async (push) => {
    const run = await findRun(id)
    if (!run) return 'ended'
    await push('run', run)
    if (ENDED.includes(run.status)) return 'ended'
    return run.queuedBehind === null ? 'open' : 'queued'
  })
})
