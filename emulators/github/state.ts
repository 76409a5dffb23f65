import { log } from './git/history.ts'
import { listRefs } from './git/repository.ts'
import { walkTree } from './git/trees.ts'
import type { GitHubBackend } from './backend.ts'
import type { Dispatch, Protection, Repo, Status, WorkflowRun } from './records.ts'
import { fullName } from './repo-rules.ts'

/** One repository in `GET /__emulator/state`. */
export interface RepoState {
  id: number
  owner: string
  name: string
  full_name: string
  private: boolean
  description: string | null
  default_branch: string
  branches: Record<string, {
    sha: string
    protection: Protection | null
    commits: { sha: string, message: string, author: string, parents: string[] }[]
    files: string[]
  }>
  tags: Record<string, string>
  statuses: Status[]
  dispatches: Dispatch[]
  runs: WorkflowRun[]
}

export interface GitHubState {
  plan: string
  orgs: string[]
  repos: RepoState[]
}

/** All resources, with the details that tests count and compare. */
export async function stateOf(backend: GitHubBackend): Promise<GitHubState> {
  const { plan, orgs } = backend.settings.current
  return { plan, orgs, repos: await Promise.all(backend.store.listRepos().map(repo => repoState(backend, repo))) }
}

async function repoState(backend: GitHubBackend, repo: Repo): Promise<RepoState> {
  const repository = backend.git.of(repo)
  const protections = backend.store.protections(repo)
  const branches: RepoState['branches'] = {}
  for (const { ref, sha } of await listRefs(repository, 'refs/heads')) {
    const name = ref.slice('refs/heads/'.length)
    const commits = await log(repository, sha)
    const files = (await walkTree(repository, sha)).filter(entry => entry.type === 'blob').map(entry => entry.path)
    branches[name] = {
      sha,
      protection: protections.get(name) ?? null,
      commits: commits.map(({ oid, commit }) =>
        ({ sha: oid, message: commit.message.replace(/\n$/, ''), author: commit.author.name, parents: commit.parent })),
      files,
    }
  }
  return {
    id: repo.id,
    owner: repo.owner,
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    description: repo.description,
    default_branch: repo.defaultBranch,
    branches,
    tags: Object.fromEntries((await listRefs(repository, 'refs/tags')).map(({ ref, sha }) => [ref.slice('refs/tags/'.length), sha])),
    statuses: backend.store.statuses(repo),
    dispatches: backend.store.dispatches(repo),
    runs: backend.store.runs(repo),
  }
}
