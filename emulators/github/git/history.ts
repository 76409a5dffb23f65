import git from 'isomorphic-git'
import { readCommit } from './objects.ts'
import type { Commit } from './objects.ts'
import { readRef } from './repository.ts'
import type { GitRepository } from './repository.ts'

/** Commits reachable from `oid`, newest first. */
export async function log(repository: GitRepository, oid: string): Promise<Commit[]> {
  const commits = await Promise.all([...await ancestors(repository, oid)].map(sha => readCommit(repository, sha)))
  return commits.filter(commit => commit !== undefined)
    .sort((a, b) => b.commit.committer.timestamp - a.commit.committer.timestamp)
}

/** Shas of all commits reachable from `oid`, including itself. */
export async function ancestors(repository: GitRepository, oid: string): Promise<Set<string>> {
  const seen = new Set<string>()
  const open = [oid]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(await readCommit(repository, next))?.commit.parent ?? [])
  }
  return seen
}

/** Whether `from` is an ancestor of `to`, or the same commit. */
export async function isFastForward(repository: GitRepository, from: string, to: string): Promise<boolean> {
  return from === to || (await ancestors(repository, to)).has(from)
}

/** The commit of a branch name, tag name, ref, or full or short sha. */
export async function resolveCommit(repository: GitRepository, name: string): Promise<Commit | undefined> {
  for (const ref of [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]) {
    const sha = ref.startsWith('refs/') ? await readRef(repository, ref) : undefined
    if (sha !== undefined) return await readCommit(repository, sha)
  }
  if (/^[0-9a-f]{40}$/.test(name)) return await readCommit(repository, name)
  if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined
  try {
    return await readCommit(repository, await git.expandOid({ ...repository, oid: name }))
  }
  catch {
    return undefined // unknown or ambiguous
  }
}
