import { session } from '../../http/access'
import { handle } from '../../http/handle'

export default handle('signOut', async ({ event }) => {
  await (await session(event)).clear()
})
