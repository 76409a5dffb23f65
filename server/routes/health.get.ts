import { setResponseStatus } from 'h3'
import { handle } from '../utils/handle'
import { examine } from '../utils/health'

export default handle('getHealth', async ({ event }) => {
  const health = await examine()
  if (health.status === 'down') setResponseStatus(event, 503)
  return health
})
