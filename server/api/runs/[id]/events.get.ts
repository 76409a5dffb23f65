import { findRun } from '../../../engine/queries/runs'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'
import { streamChanges } from '../../../http/sse'

const OVER = ['completed', 'failed', 'cancelled']

export default handle('streamRun', async ({ event, params: { id } }) => {
  if (!await findRun(id)) throw notFound('run', id)
  return streamChanges(event, id, async (push) => {
    const run = await findRun(id)
    if (!run) return 'over'
    await push('run', run)
    if (OVER.includes(run.status)) return 'over'
    return run.queuedBehind === null ? 'goes on' : 'queued'
  })
})
