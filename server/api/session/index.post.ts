import { actorOfCode, actorOfKey, keyIdOf, toSession } from '../../http/access'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'
import { startSession } from '../../http/session'

export default handle('signIn', async ({ event, body }) => {
  const actor = 'apiKey' in body ? await actorOfKey(event, body.apiKey) : await actorOfCode(body.code)
  const sessionId = actor && await startSession(event, keyIdOf(actor))
  if (!sessionId) throw problem('apiKey' in body ? 'SIGN_IN_KEY_REFUSED' : 'SIGN_IN_LINK_REFUSED')
  event.context.actor = { ...actor, sessionId }
  return toSession(actor)
})
