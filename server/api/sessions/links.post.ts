import { randomBytes } from 'node:crypto'
import { insertSignInCode } from '../../http/queries/access'
import { sha256 } from '../../http/access'
import { baseUrl } from '../../http/base-url'
import { handle } from '../../http/handle'

export default handle('createSignInLink', async ({ event, actor: { id, name, role } }) => {
  const code = randomBytes(24).toString('base64url')
  const expiresAt = await insertSignInCode({ hash: sha256(code), actor: id, name, role })
  return { url: `${baseUrl(event)}/sign-in#code=${code}`, expiresAt: expiresAt.toISOString() }
})
