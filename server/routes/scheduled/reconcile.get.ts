import { authorizeScheduler } from '../../http/scheduler'
import { handle } from '../../http/handle'
import { settleOrphanedRuns } from '../../engine/orphaned-runs'
import { reconcile } from '../../engine/reconcile'

export default handle('reconcile', async ({ event }) => {
  authorizeScheduler(event)
  await reconcile()
  await settleOrphanedRuns()
})
