import { createHash } from 'node:crypto'
import type { GitHubBackend } from '../backend.ts'
import type { Schemas } from '../records.ts'

/** The id of an account. It depends on the login alone, so every start has the same ids. */
export function accountId(login: string): number {
  return createHash('sha1').update(login.toLowerCase()).digest().readUInt32BE(0) >>> 4
}

/** A node id. GitHub's are opaque; the emulator's are base64 text. */
export function nodeId(type: string, id: string | number): string {
  return Buffer.from(`${type}:${id}`).toString('base64url')
}

/** The email address that GitHub uses for users with a private address. */
export function emailOf(login: string): string {
  return `${accountId(login)}+${login}@users.noreply.github.com`
}

/** Some objects of the API require `gravatar_id` to be a string. */
export type SimpleUser = Schemas['simple-user'] & { gravatar_id: string }

/** A user or an organization, as embedded in other objects. */
export function simpleUser(backend: GitHubBackend, login: string): SimpleUser {
  const url = `${backend.apiUrl}/users/${login}`
  const organization = backend.settings.current.orgs.some(org => org.toLowerCase() === login.toLowerCase())
  return {
    login,
    id: accountId(login),
    node_id: nodeId(organization ? 'Organization' : 'User', accountId(login)),
    avatar_url: `${backend.url}/avatars/${login}`,
    gravatar_id: '',
    url,
    html_url: `${backend.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: organization ? 'Organization' : 'User',
    site_admin: false,
  }
}

/** The answer to `GET /user`. */
export function privateUser(backend: GitHubBackend, login: string): Schemas['private-user'] {
  const repos = backend.store.listRepos(login)
  const hidden = repos.filter(repo => repo.private).length
  return {
    ...simpleUser(backend, login),
    name: login,
    company: null,
    blog: '',
    location: null,
    email: emailOf(login),
    hireable: null,
    bio: null,
    public_repos: repos.length - hidden,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    private_gists: 0,
    total_private_repos: hidden,
    owned_private_repos: hidden,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  }
}

/** The answer to `GET /orgs/{org}`. */
export function organization(backend: GitHubBackend, org: string): Schemas['organization-full'] {
  const url = `${backend.apiUrl}/orgs/${org}`
  const repos = backend.store.listRepos(org)
  const hidden = repos.filter(repo => repo.private).length
  return {
    login: org,
    id: accountId(org),
    node_id: nodeId('Organization', accountId(org)),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${backend.url}/avatars/${org}`,
    description: null,
    html_url: `${backend.url}/${org}`,
    type: 'Organization',
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repos.length - hidden,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    archived_at: null,
    total_private_repos: hidden,
    owned_private_repos: hidden,
    members_can_create_repositories: true,
    plan: { name: backend.settings.current.plan, space: 976_562_499, private_repos: 999_999, filled_seats: 1, seats: 1 },
  }
}
