import { githubAllowed } from '../env'
import { providerError } from '../errors'

/** A path segment of dots that URLs do away with. */
const DOTS = /(^|\/)\.{1,2}(\/|$)/

/** A call of Octokit: the template of its path, and the values of that and of its body. */
type Call = { url: string } & Record<string, unknown>

/**
 * Refuses a call that this server must not make: outside GITHUB_ALLOWED, or with names that lead to another path than
 * the one that it is written for, `a/..` instead of `owner/name`. The API checks names first; this also holds for what
 * was stored earlier.
 * @throws ProviderError
 */
export function checkCall(call: Call, target: string): void {
  const names = [...call.url.matchAll(/\{(\w+)\}/g)].map(([, name]) => call[name!])
  if (names.some(name => name === '' || DOTS.test(String(name)))) throw providerError('NAME_LEADS_ELSEWHERE', { target }, { unsent: true })
  const name = touchedBy(call).find(name => !isAllowed(name))
  if (name !== undefined) throw providerError('GITHUB_NOT_ALLOWED', { name }, { unsent: true })
}

/** Whether the server may touch a repository, `owner/name`. */
export function isAllowed(repo: string): boolean {
  const allowed = githubAllowed()
  if (!allowed) return true
  const name = repo.toLowerCase()
  const [owner] = name.split('/')
  return allowed.some(entry => entry === name || entry === owner || entry === `${owner}/*`)
}

/** The repositories that a call is about; a call about none is one that the list does not cover. */
function touchedBy({ owner, repo, org, name, template_owner: templateOwner, template_repo: template }: Call): string[] {
  const pairs = [[templateOwner, template], [org ?? owner, repo ?? name]]
  const touched = pairs.filter(([owner]) => owner !== undefined).map(([owner, name]) => `${String(owner)}/${String(name ?? '')}`)
  return touched.length ? touched : ['a call without a repository']
}
