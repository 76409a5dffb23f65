import { log } from './git/history.ts'
import { listRefs } from './git/repository.ts'
import { walkTree } from './git/trees.ts'
import type { Hub } from './hub.ts'
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

/** Everything that was made, complete enough to count it. */
export async function stateOf(hub: Hub): Promise<GitHubState> {
  const { plan, orgs } = hub.settings.current
  return { plan, orgs, repos: await Promise.all(hub.store.listRepos().map(repo => repoState(hub, repo))) }
}

async function repoState(hub: Hub, repo: Repo): Promise<RepoState> {
  const repository = hub.git.of(repo)
  const protections = hub.store.protections(repo)
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
    statuses: hub.store.statuses(repo),
    dispatches: hub.store.dispatches(repo),
    runs: hub.store.runs(repo),
  }
}
