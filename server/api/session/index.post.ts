import { useSignInCode } from '../../http/queries/access'
import { actorOfKey, session, sha256 } from '../../http/access'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'

export default handle('signIn', async ({ event, body }) => {
  const actor = 'apiKey' in body ? await actorOfKey(body.apiKey) : await useSignInCode(sha256(body.code))
  if (!actor) throw problem('apiKey' in body ? 'SIGN_IN_KEY_REFUSED' : 'SIGN_IN_LINK_REFUSED')
  await (await session(event)).update({ actor })
  return { name: actor.name, role: actor.role }
})
