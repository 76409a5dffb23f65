import { useSignInCode } from '../../http/queries/access'
import { actorOfKey, session, sha256 } from '../../http/access'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'

export default handle('signIn', async ({ event, body }) => {
  const actor = 'apiKey' in body ? await actorOfKey(body.apiKey) : await useSignInCode(sha256(body.code))
  if (!actor) throw problem({
    status: 401,
    code: 'SIGN_IN_REFUSED',
    detail: 'apiKey' in body ? 'This key is wrong, was revoked or has expired.' : 'This sign-in link was used already or is older than ten minutes.',
    why: 'Atelier answers only to those who hold a key.',
    fix: 'apiKey' in body ? 'Paste the key as it was printed at the first start.' : 'Make a new link, or sign in with a key.',
  })
  await (await session(event)).update({ actor })
  return { name: actor.name, role: actor.role }
})
