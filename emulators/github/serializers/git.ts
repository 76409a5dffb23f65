import type { Commit, Signature } from '../git/objects.ts'
import type { GitHubBackend } from '../backend.ts'
import type { Repo, Schemas } from '../records.ts'
import { repoPage, repoUrl } from './repo.ts'
import { emailOf, nodeId, simpleUser } from './user.ts'

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

/** A Unix time in GitHub's format, in UTC. */
export function isoSeconds(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().replace('.000Z', 'Z')
}

export function gitRef(backend: GitHubBackend, repo: Repo, ref: string, sha: string, type: string): Schemas['git-ref'] {
  const url = repoUrl(backend, repo)
  return {
    ref,
    node_id: nodeId('Ref', `${repo.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  }
}

type Person = Pick<Signature, 'name' | 'email' | 'timestamp'>

function person({ name, email, timestamp }: Person) {
  return { name, email, date: isoSeconds(timestamp) }
}

/** A commit of the git database API. */
export function gitCommit(backend: GitHubBackend, repo: Repo, { oid, commit }: Commit): Schemas['git-commit'] {
  const url = repoUrl(backend, repo)
  const page = repoPage(backend, repo)
  return {
    sha: oid,
    node_id: nodeId('Commit', `${repo.id}:${oid}`),
    url: `${url}/git/commits/${oid}`,
    html_url: `${page}/commit/${oid}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message.replace(/\n$/, ''),
    parents: commit.parent.map(sha => ({ sha, url: `${url}/git/commits/${sha}`, html_url: `${page}/commit/${sha}` })),
    verification: UNSIGNED,
  }
}

/** A commit of the repository API, with the accounts of author and committer. */
export function fullCommit(backend: GitHubBackend, repo: Repo, read: Commit): Schemas['commit'] {
  const url = repoUrl(backend, repo)
  const { oid, commit } = read
  const { author, committer, tree, message, verification } = gitCommit(backend, repo, read)
  return {
    sha: oid,
    node_id: nodeId('Commit', `${repo.id}:${oid}`),
    url: `${url}/commits/${oid}`,
    html_url: `${repoPage(backend, repo)}/commit/${oid}`,
    comments_url: `${url}/commits/${oid}/comments`,
    commit: { author, committer, tree, message, verification, comment_count: 0, url: `${url}/git/commits/${oid}` },
    author: account(backend, commit.author.email),
    committer: account(backend, commit.committer.email),
    parents: commit.parent.map(sha => ({ sha, url: `${url}/commits/${sha}`, html_url: `${repoPage(backend, repo)}/commit/${sha}` })),
  }
}

/** The account of an email address, null for an unknown address. */
function account(backend: GitHubBackend, email: string): Schemas['simple-user'] | null {
  const login = Object.values(backend.settings.current.tokens).map(token => token.login).find(login => emailOf(login) === email)
  return login === undefined ? null : simpleUser(backend, login)
}
