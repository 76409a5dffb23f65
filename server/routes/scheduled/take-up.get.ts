import { authorizeScheduler } from '../../utils/scheduler'
import { handle } from '../../utils/handle'
import { settleGivenUp } from '../../workflows/given-up'
import { takeUp } from '../../workflows/take-up'

export default handle('takeUp', async ({ event }) => {
  authorizeScheduler(event)
  await takeUp()
  await settleGivenUp()
})
