import { setResponseStatus } from 'h3'
import { handle } from '../http/handle'
import { examine } from '../http/health'

export default handle('getHealth', async ({ event }) => {
  const health = await examine()
  if (health.status === 'down') setResponseStatus(event, 503)
  return health
})
