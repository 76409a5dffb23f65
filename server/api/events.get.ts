import { findRunSummary, listRuns } from '../engine/views'
import { handle } from '../http/handle'
import { streamChanges } from '../http/sse'

/** After an outage the stream sends the newest runs, as many as a page of a list shows. */
const NEWEST = { page: 1, pageSize: 50 }

export default handle('streamRuns', ({ event, actor }) => streamChanges(event, actor, 'all', async (push, changed, scope) => {
  const runs = changed === 'anything'
    ? (await listRuns(NEWEST, scope)).items
    : await Promise.all(changed.map(id => findRunSummary(id, scope)))
  for (const run of runs) if (run) await push('run', run)
  return 'open'
}))
