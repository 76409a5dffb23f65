import { badCredentials } from './errors.ts'
import type { GitHubBackend, Identity } from './backend.ts'

/**
 * The identity of the token in the Authorization header; null without a header. The scheme is `token`, `Bearer` or,
 * from git, `Basic`.
 */
export function authenticate(backend: GitHubBackend, header: string | undefined): Identity {
  if (header === undefined || header === '') return null
  const [scheme = '', value = ''] = header.split(/ +/, 2)
  const token = scheme.toLowerCase() === 'basic' ? fromBasic(value, backend) : value
  const identity = Object.entries(backend.settings.current.tokens).find(([name]) => name === token)?.[1]
  if (identity === undefined) throw badCredentials()
  return identity
}

/** The token is the password, with any user name such as x-access-token, or it is the user name. */
function fromBasic(encoded: string, backend: GitHubBackend): string {
  const decoded = Buffer.from(encoded, 'base64').toString()
  const colon = decoded.indexOf(':')
  const [user, password] = colon === -1 ? [decoded, ''] : [decoded.slice(0, colon), decoded.slice(colon + 1)]
  return password in backend.settings.current.tokens ? password : user
}
