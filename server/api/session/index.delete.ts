import { session } from '../../utils/access'
import { handle } from '../../utils/handle'

export default handle('signOut', async ({ event }) => {
  await (await session(event)).clear()
})
