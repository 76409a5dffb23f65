import { Refusal } from '../core/refusal.ts'
import { errorBody, needsAdmin, notAccessible, notFound, requiresAuthentication } from './errors.ts'
import type { GitHubCall, Hub, Identity } from './hub.ts'
import type { Repo } from './records.ts'
import type { Token } from './settings.ts'

const LEVELS = ['none', 'read', 'write', 'admin'] as const
export type Level = typeof LEVELS[number]

const atLeast = (have: Level, need: Level) => LEVELS.indexOf(have) >= LEVELS.indexOf(need)

/** What the person behind the token may do, whatever the token's scopes. */
function roleIn(identity: Identity, repo: Repo): Level {
  if (identity?.login.toLowerCase() === repo.owner.toLowerCase()) return 'admin'
  const role = orgRole(identity, repo.owner)
  if (role === 'admin') return 'admin'
  if (role === 'member') return 'write'
  if (role === 'reader') return 'read'
  return repo.private ? 'none' : 'read'
}

/** Role in an organization, undefined for outsiders. */
export function orgRole(identity: Identity, org: string): Token['orgs'][string] | undefined {
  const entry = Object.entries(identity?.orgs ?? {}).find(([name]) => name.toLowerCase() === org.toLowerCase())
  return entry?.[1]
}

/** What a token may do in a repository: the person's role, cut down by the scopes. */
export function levelOf(identity: Identity, repo: Repo): Level {
  const role = roleIn(identity, repo)
  const scopes = identity?.scopes ?? []
  if (scopes.includes('repo') || role === 'none') return role
  if (repo.private) return 'none'
  return scopes.includes('public_repo') ? role : 'read'
}

/** The caller; refuses a call without a token. */
export function signedIn(call: GitHubCall): Token {
  if (call.identity === null) throw requiresAuthentication()
  return call.identity
}

/**
 * The repository of the path, when the caller may do with it what it needs. Hidden ones are answered as if they
 * did not exist; a former name redirects.
 */
export function repoOf(hub: Hub, call: GitHubCall, need: Exclude<Level, 'none'> = 'read'): Repo {
  const [owner, name] = [call.param('owner'), call.param('repo')]
  const repo = hub.store.findRepo(owner, name)
  if (repo === undefined) {
    const renamed = hub.store.findRenamed(owner, name)
    if (renamed && levelOf(call.identity, renamed) !== 'none') throw moved(hub, call, renamed)
    throw notFound()
  }
  const level = levelOf(call.identity, repo)
  if (level === 'none') throw notFound()
  if (atLeast(level, need)) return repo
  signedIn(call)
  throw atLeast(roleIn(call.identity, repo), need) || need === 'write' ? notAccessible() : needsAdmin()
}

/** 301 for reading, 307 for writing, so that the method survives. */
function moved(hub: Hub, call: GitHubCall, repo: Repo): Refusal {
  const rest = call.path.split('/').slice(call.path.split('/').indexOf('repos') + 3).map(part => `/${part}`).join('')
  const url = `${hub.apiUrl}/repos/${repo.owner}/${repo.name}${rest}`
  const [status, message] = call.method === 'GET' ? [301, 'Moved Permanently'] : [307, 'Temporary Redirect']
  return new Refusal(status, { ...errorBody(status, message), url }, { location: url })
}
