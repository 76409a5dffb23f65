import { actorOfSession } from '../../http/access'
import { handle } from '../../http/handle'
import { endSession } from '../../http/session'

export default handle('signOut', async ({ event }) => {
  event.context.actor = await actorOfSession(event)
  await endSession(event)
})
