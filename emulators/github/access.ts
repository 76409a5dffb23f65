import { HttpError } from '../core/http-error.ts'
import { errorBody, needsAdmin, notAccessible, notFound, requiresAuthentication } from './errors.ts'
import type { GitHubCall, GitHubBackend, Identity } from './backend.ts'
import type { Repo } from './records.ts'
import type { Token } from './settings.ts'

const LEVELS = ['none', 'read', 'write', 'admin'] as const
export type Level = typeof LEVELS[number]

const atLeast = (have: Level, need: Level) => LEVELS.indexOf(have) >= LEVELS.indexOf(need)

/** The rights of the token's owner, without regard to the token's scopes. */
function roleIn(identity: Identity, repo: Repo): Level {
  if (identity?.login.toLowerCase() === repo.owner.toLowerCase()) return 'admin'
  const role = orgRole(identity, repo.owner)
  if (role === 'admin') return 'admin'
  if (role === 'member') return 'write'
  if (role === 'reader') return 'read'
  return repo.private ? 'none' : 'read'
}

/** Role in an organization, undefined for non-members. */
export function orgRole(identity: Identity, org: string): Token['orgs'][string] | undefined {
  const entry = Object.entries(identity?.orgs ?? {}).find(([name]) => name.toLowerCase() === org.toLowerCase())
  return entry?.[1]
}

/** The rights of a token in a repository: those of its owner, limited by its scopes. */
export function levelOf(identity: Identity, repo: Repo): Level {
  const role = roleIn(identity, repo)
  const scopes = identity?.scopes ?? []
  if (scopes.includes('repo') || role === 'none') return role
  if (repo.private) return 'none'
  return scopes.includes('public_repo') ? role : 'read'
}

/** The caller's token. @throws HttpError 401 if the call has none */
export function requireToken(call: GitHubCall): Token {
  if (call.identity === null) throw requiresAuthentication()
  return call.identity
}

/**
 * The repository of the path. A former name redirects.
 * @throws HttpError 404 if the caller may not see it, 403 if it lacks rights
 */
export function requireRepo(backend: GitHubBackend, call: GitHubCall, need: Exclude<Level, 'none'> = 'read'): Repo {
  const [owner, name] = [call.param('owner'), call.param('repo')]
  const repo = backend.store.findRepo(owner, name)
  if (repo === undefined) {
    const renamed = backend.store.findRenamed(owner, name)
    if (renamed && levelOf(call.identity, renamed) !== 'none') throw redirect(backend, call, renamed)
    throw notFound()
  }
  const level = levelOf(call.identity, repo)
  if (level === 'none') throw notFound()
  if (atLeast(level, need)) return repo
  requireToken(call)
  throw atLeast(roleIn(call.identity, repo), need) || need === 'write' ? notAccessible() : needsAdmin()
}

/** 301 for reads; 307 for writes, so that the client repeats the method. */
function redirect(backend: GitHubBackend, call: GitHubCall, repo: Repo): HttpError {
  const rest = call.path.split('/').slice(call.path.split('/').indexOf('repos') + 3).map(part => `/${part}`).join('')
  const url = `${backend.apiUrl}/repos/${repo.owner}/${repo.name}${rest}`
  const [status, message] = call.method === 'GET' ? [301, 'Moved Permanently'] : [307, 'Temporary Redirect']
  return new HttpError(status, { ...errorBody(status, message), url }, { location: url })
}
