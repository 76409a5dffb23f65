import { randomBytes } from 'node:crypto'
import { insertKey } from '../../http/queries/access'
import { KEY_PREFIX, sha256 } from '../../http/access'
import { handle } from '../../http/handle'

export default handle('createKey', async ({ body: { name, role, expiresAt } }) => {
  const apiKey = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`
  const key = await insertKey({ name, role, hash: sha256(apiKey), expiresAt: expiresAt ? new Date(expiresAt) : undefined })
  return { ...key, apiKey }
})
