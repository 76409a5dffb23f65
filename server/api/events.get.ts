import { findRunSummary } from '../db/queries/runs'
import { handle } from '../utils/handle'
import { streamChanges } from '../utils/stream'

export default handle('streamRuns', ({ event }) => streamChanges(event, 'all', async (push, changed) => {
  for (const id of changed) {
    const run = await findRunSummary(id)
    if (run) await push('run', run)
  }
  return 'goes on'
}))
