import { orgRole, requireToken } from '../access.ts'
import { notFound } from '../errors.ts'
import { json } from '../../core/response.ts'
import type { Route } from '../../core/pipeline.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import type { RateLimits } from '../limits.ts'
import { organization, privateUser } from '../serializers/user.ts'

/** The caller, its rate limits, and the organizations. */
export function metaRoutes(backend: GitHubBackend, limits: RateLimits): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/user',
      operation: 'users/get-authenticated',
      handler: (call) => {
        const { login, scopes } = requireToken(call)
        return json(privateUser(backend, login), 200, { 'x-oauth-scopes': scopes.join(', ') })
      },
    },
    {
      method: 'GET',
      path: '/rate_limit',
      operation: 'rate-limit/get',
      handler: (call) => {
        const core = limits.overview(call.identity?.login ?? 'anonymous')
        return json({ resources: { core, search: { limit: 30, used: 0, remaining: 30, reset: core.reset } }, rate: core })
      },
    },
    {
      method: 'GET',
      path: '/orgs/:org',
      operation: 'orgs/get',
      subject: call => call.param('org'),
      handler: (call) => {
        const org = requireOrg(backend, call.param('org'))
        const body = organization(backend, org)
        if (orgRole(call.identity, org) !== undefined) return json(body)
        const { plan, total_private_repos, owned_private_repos, ...open } = body
        return json(open)
      },
    },
  ]
}

/** The organization in its original case. @throws HttpError 404 if it does not exist */
export function requireOrg(backend: GitHubBackend, name: string): string {
  const org = backend.settings.current.orgs.find(org => org.toLowerCase() === name.toLowerCase())
  if (org === undefined) throw notFound()
  return org
}
