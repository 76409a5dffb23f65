import type { Control } from '../../../../../../emulators/control-client.ts'
import { GITHUB_ORG, GITHUB_TOKEN } from '../../../../../../emulators/defaults.ts'
import type { GitHubState } from '../../../../../../emulators/github/state.ts'
import { gitBranch } from '../../../../../../server/workspaces/providers/git-branch/index.ts'
import { gitRepo } from '../../../../../../server/workspaces/providers/git-repo/index.ts'
import { externalName } from '../../../../../../server/workspaces/providers/external-name.ts'
import type { Subject } from './subject.ts'

const HOME = 'home'
const secondary = { status: 403, headers: { 'retry-after': '7' }, body: { message: 'You have exceeded a secondary rate limit.' } }
const revoke = (github: Control) => github.settings({ tokens: { [GITHUB_TOKEN]: null } })
const reposOf = async (github: Control) => (await github.state<GitHubState>()).repos

/** One call as somebody else makes it. */
async function call<T>(github: Control, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${github.url}/api/v3${path}`, { method, headers: { 'authorization': `Bearer ${GITHUB_TOKEN}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  return await answer.json() as T
}

/** Commits to a branch, or to a new one of that name. */
async function commit(github: Control, repo: string, branch: string): Promise<void> {
  const at = `/repos/${GITHUB_ORG}/${repo}/git`
  const refs = await call<{ object: { sha: string } }>(github, 'GET', `${at}/ref/heads/${branch}`).catch(() => call<{ object: { sha: string } }>(github, 'GET', `${at}/ref/heads/main`))
  const { sha: tree } = await call<{ sha: string }>(github, 'POST', `${at}/trees`, { tree: [{ path: 'work.md', mode: '100644', type: 'blob', content: branch }] })
  const { sha } = await call<{ sha: string }>(github, 'POST', `${at}/commits`, { message: 'Work', tree, parents: [refs.object.sha] })
  await call(github, 'PATCH', `${at}/refs/heads/${branch}`, { sha }).catch(() => call(github, 'POST', `${at}/refs`, { ref: `refs/heads/${branch}`, sha }))
}

export const branch: Subject = {
  provider: gitBranch,
  emulator: 'github',
  parentRef: `${GITHUB_ORG}/${HOME}`,
  prepare: github => github.settings({ seed: { repos: [{ name: HOME }] } }),
  operations: ['git/create-ref'],
  count: async (github, name) => (await reposOf(github)).filter(repo => name in repo.branches).length,
  stranger: (github, name) => commit(github, HOME, name),
  work: (github, name) => commit(github, HOME, name),
  nowhere: { parentRef: `${GITHUB_ORG}/nowhere` },
  revoke,
  limited: secondary,
}

const repoNamed = (name: string) => externalName([HOME, name], 100)

export const repo: Subject = {
  provider: gitRepo,
  emulator: 'github',
  parentRef: `${GITHUB_ORG}/${HOME}`,
  operations: ['repos/create-in-org', 'git/update-ref'],
  count: async (github, name) => (await reposOf(github)).filter(repo => repo.name === repoNamed(name)).length,
  stranger: (github, name) => github.settings({ seed: { repos: [{ name: repoNamed(name) }] } }),
  work: (github, name) => commit(github, repoNamed(name), 'main'),
  nowhere: { options: { template: `${GITHUB_ORG}/nowhere` } },
  revoke,
  limited: secondary,
}

export const repoFromTemplate: Subject = {
  ...repo,
  options: { template: `${GITHUB_ORG}/starter` },
  prepare: github => github.settings({ seed: { repos: [{ name: 'starter', isTemplate: true }] } }),
  operations: ['repos/create-using-template'],
}
