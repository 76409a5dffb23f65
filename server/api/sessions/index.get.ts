import { keyIdOf } from '../../http/access'
import { handle } from '../../http/handle'
import { listSessions } from '../../http/queries/sessions'
import { hashSession, sessionToken } from '../../http/session'

export default handle('listSessions', async ({ event, actor }) => {
  const token = sessionToken(event)
  const current = token && hashSession(token)
  const sessions = await listSessions(keyIdOf(actor))
  const items = sessions.map(({ id, browser, hash, createdAt, lastSeenAt, expiresAt }) => ({
    id, browser,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    isCurrent: hash === current,
  }))
  return { items }
})
