import { orgRole, signedIn } from '../access.ts'
import { notFound } from '../errors.ts'
import { json } from '../../core/refusal.ts'
import type { Route } from '../../core/pipeline.ts'
import type { Hub, Identity } from '../hub.ts'
import type { RateLimits } from '../limits.ts'
import { organization, privateUser } from '../present/user.ts'

/** Who is calling, how often they may, and the organizations. */
export function metaRoutes(hub: Hub, limits: RateLimits): Route<Identity>[] {
  return [
    {
      method: 'GET',
      path: '/user',
      operation: 'users/get-authenticated',
      handler: (call) => {
        const { login, scopes } = signedIn(call)
        return json(privateUser(hub, login), 200, { 'x-oauth-scopes': scopes.join(', ') })
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
        const org = findOrg(hub, call.param('org'))
        const body = organization(hub, org)
        if (orgRole(call.identity, org) !== undefined) return json(body)
        const { plan, total_private_repos, owned_private_repos, ...open } = body
        return json(open)
      },
    },
  ]
}

/** The organization as it is spelt; 404 when there is none. */
export function findOrg(hub: Hub, name: string): string {
  const org = hub.settings.current.orgs.find(org => org.toLowerCase() === name.toLowerCase())
  if (org === undefined) throw notFound()
  return org
}
