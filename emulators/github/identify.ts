import { badCredentials } from './errors.ts'
import type { Hub, Identity } from './hub.ts'

/** Finds whose token the Authorization header carries (`token`, `Bearer` or, as git sends it, `Basic`); null without one. */
export function identify(hub: Hub, header: string | undefined): Identity {
  if (header === undefined || header === '') return null
  const [scheme = '', value = ''] = header.split(/ +/, 2)
  const token = scheme.toLowerCase() === 'basic' ? fromBasic(value, hub) : value
  const known = Object.entries(hub.settings.current.tokens).find(([name]) => name === token)?.[1]
  if (known === undefined) throw badCredentials()
  return known
}

/** The token is the password (any user name, such as x-access-token) or the user name. */
function fromBasic(encoded: string, hub: Hub): string {
  const decoded = Buffer.from(encoded, 'base64').toString()
  const colon = decoded.indexOf(':')
  const [user, password] = colon === -1 ? [decoded, ''] : [decoded.slice(0, colon), decoded.slice(colon + 1)]
  return password in hub.settings.current.tokens ? password : user
}
