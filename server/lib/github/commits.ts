import { withReservation } from '../rate-limits/rate-limited'
import { github, organization } from './client'
import { costOf } from './limits'
import type { Repo } from './repos'

/** The identity of Atelier's commits. */
const AUTHOR = { name: 'Atelier', email: 'atelier@users.noreply.github.com' }

type Branch = Pick<Repo, 'name' | 'branch'>

/** A commit that exists, with its page. */
export interface Commit { sha: string, url: string }

export interface NewCommit {
  /** Path to content, UTF-8. */
  files: Record<string, string>
  message: string
  /** A trailer under the message, by which Atelier recognises the commit. */
  marker: string
  /** Fixed, so that a repeated commit has the same sha. */
  date: Date
}

/**
 * Creates one commit of all files on top of the branch and moves the branch to it: the tree, while it
 * reads the branch's head, then the commit, then the ref. Only the last call is visible to others.
 */
export const commitFiles = (repo: Branch, commit: NewCommit): Promise<Commit> =>
  withReservation(costOf('GITHUB_COMMIT_FILES', ['POST', 'GET', 'POST', 'PATCH'], 2), () => makeCommit(repo, commit))

async function makeCommit(repo: Branch, commit: NewCommit): Promise<Commit> {
  const where = { owner: organization(), repo: repo.name }
  const { git } = github().rest
  const files = Object.entries(commit.files).map(([path, content]) =>
    ({ path, content, mode: '100644' as const, type: 'blob' as const }))
  const [tree, head] = await Promise.all([
    git.createTree({ ...where, tree: files }),
    git.getRef({ ...where, ref: `heads/${repo.branch}` }),
  ])
  const author = { ...AUTHOR, date: commit.date.toISOString() }
  const { data: { sha, html_url: url } } = await git.createCommit({
    ...where,
    message: `${commit.message}\n\n${trailer(commit.marker)}`,
    tree: tree.data.sha,
    parents: [head.data.object.sha],
    author,
    committer: author,
  })
  await git.updateRef({ ...where, ref: `heads/${repo.branch}`, sha, force: false })
  return { sha, url }
}

/** Finds the commit with that marker among the newest hundred of the branch. */
export async function findCommit(repo: Branch, marker: string): Promise<Commit | null> {
  const { data } = await github().rest.repos.listCommits({ owner: organization(), repo: repo.name, sha: repo.branch, per_page: 100 })
  const found = data.find(({ commit }) => commit.message.split('\n').includes(trailer(marker)))
  return found ? { sha: found.sha, url: found.html_url } : null
}

/** The line of a commit's message by which Atelier recognises it. */
export const trailer = (marker: string) => `Atelier-Seed: ${marker}`
