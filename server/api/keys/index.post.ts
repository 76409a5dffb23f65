import { randomBytes } from 'node:crypto'
import { KEY_PREFIX, sha256 } from '../../http/access'
import { handle } from '../../http/handle'
import { insertKey } from '../../http/queries/keys'

export default handle('createKey', async ({ body: { name, role, expiresAt, binding } }) => {
  const apiKey = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`
  const key = await insertKey({
    name, role, binding, hash: sha256(apiKey), expiresAt: expiresAt ? new Date(expiresAt) : undefined,
  })
  return { ...key, apiKey }
})
