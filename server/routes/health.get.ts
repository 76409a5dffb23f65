import { setResponseStatus, type H3Event } from 'h3'
import { identify } from '../http/access'
import { handle } from '../http/handle'
import { examine } from '../http/health'
import type { HealthSummary } from '../../shared/schemas/health'

const IDENTIFY_TIMEOUT_MS = 1_000

export default handle('getHealth', async ({ event }) => {
  const [health, isKnown] = await Promise.all([examine(), isIdentified(event)])
  const isDown = health.status === 'down'
  if (isDown) setResponseStatus(event, 503)
  // Hosts, versions and what is not configured are nothing for strangers.
  const summary: HealthSummary = { status: isDown ? 'down' : 'up' }
  return isKnown ? health : summary
})

/** Whether the caller has a valid key or session. Without the database that may stay unknown, and health is told anyway. */
async function isIdentified(event: H3Event): Promise<boolean> {
  const timeout = new Promise<undefined>(resolve => setTimeout(resolve, IDENTIFY_TIMEOUT_MS, undefined).unref())
  return await Promise.race([identify(event).catch(() => undefined), timeout]) !== undefined
}
