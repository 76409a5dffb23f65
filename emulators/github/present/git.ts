import type { Commit, Signature } from '../git/objects.ts'
import type { Hub } from '../hub.ts'
import type { Repo, Schemas } from '../records.ts'
import { repoPage, repoUrl } from './repo.ts'
import { emailOf, nodeId, simpleUser } from './user.ts'

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

/** Seconds since 1970 as GitHub writes them, in UTC. */
export function isoSeconds(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().replace('.000Z', 'Z')
}

export function gitRef(hub: Hub, repo: Repo, ref: string, sha: string, type: string): Schemas['git-ref'] {
  const url = repoUrl(hub, repo)
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

/** A commit as the git database knows it. */
export function gitCommit(hub: Hub, repo: Repo, { oid, commit }: Commit): Schemas['git-commit'] {
  const url = repoUrl(hub, repo)
  const page = repoPage(hub, repo)
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

/** A commit as the repository's own lists know it, with the accounts of its people. */
export function fullCommit(hub: Hub, repo: Repo, read: Commit): Schemas['commit'] {
  const url = repoUrl(hub, repo)
  const { oid, commit } = read
  const { author, committer, tree, message, verification } = gitCommit(hub, repo, read)
  return {
    sha: oid,
    node_id: nodeId('Commit', `${repo.id}:${oid}`),
    url: `${url}/commits/${oid}`,
    html_url: `${repoPage(hub, repo)}/commit/${oid}`,
    comments_url: `${url}/commits/${oid}/comments`,
    commit: { author, committer, tree, message, verification, comment_count: 0, url: `${url}/git/commits/${oid}` },
    author: account(hub, commit.author.email),
    committer: account(hub, commit.committer.email),
    parents: commit.parent.map(sha => ({ sha, url: `${url}/commits/${sha}`, html_url: `${repoPage(hub, repo)}/commit/${sha}` })),
  }
}

/** The account that an address belongs to, null for addresses of nobody here. */
function account(hub: Hub, email: string): Schemas['simple-user'] | null {
  const login = Object.values(hub.settings.current.tokens).map(token => token.login).find(login => emailOf(login) === email)
  return login === undefined ? null : simpleUser(hub, login)
}
