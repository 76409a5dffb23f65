import type { z } from 'zod'
import type { Challenge, LinkedRepo } from '../../shared/schemas/challenge.ts'
import type { Contributor } from '../../shared/schemas/contributor.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { AssignedTask, Task } from '../../shared/schemas/task.ts'
import { GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { Answer } from './api.ts'
import type { Atelier } from './atelier.ts'
import { until } from './until.ts'

export type Linked = z.infer<typeof LinkedRepo>

type Outside = Pick<Atelier, 'api' | 'github'>

/** Speaks GitHub's REST API to the emulator, as the organization's owner. */
export const onGitHub = ({ github }: Pick<Atelier, 'github'>, method: string, path: string, body?: object) =>
  fetch(`${github.url}/api/v3${path}`, {
    method,
    headers: { 'authorization': `Bearer ${GITHUB_TOKEN}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })

/** A repository of the organization on the emulator, with one commit. @returns its `owner/name` */
export async function repoOnGitHub(atelier: Pick<Atelier, 'github'>, name: string): Promise<string> {
  const response = await onGitHub(atelier, 'POST', `/orgs/${GITHUB_ORG}/repos`, { name, auto_init: true })
  if (!response.ok) throw new Error(await response.text())
  return `${GITHUB_ORG}/${name}`
}

/** Makes a branch on the emulator, on the commit of another one. */
export async function branchOnGitHub(atelier: Pick<Atelier, 'github'>, repo: string, branch: string, from = 'main'): Promise<string> {
  const answer = await onGitHub(atelier, 'GET', `/repos/${repo}/git/ref/heads/${from}`)
  const { object: { sha } } = await answer.json() as { object: { sha: string } }
  const response = await onGitHub(atelier, 'POST', `/repos/${repo}/git/refs`, { ref: `refs/heads/${branch}`, sha })
  if (!response.ok) throw new Error(await response.text())
  return sha
}

/** Commits a file to a branch on the emulator, as a person would. @returns its sha */
export async function commitOnGitHub(atelier: Pick<Atelier, 'github'>, repo: string, branch: string, file = 'work.md'): Promise<string> {
  const response = await onGitHub(atelier, 'PUT', `/repos/${repo}/contents/${file}`, {
    message: 'Work', branch, content: Buffer.from('Work\n').toString('base64'),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json() as { commit: { sha: string } }).commit.sha
}

/** What the API makes; throws when it does not. */
export async function make<T>({ api }: Pick<Atelier, 'api'>, path: string, body: object): Promise<T> {
  const answer = await api.call<T>('POST', path, { body })
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A project with repositories that are on the emulator, each with a commit. */
export async function projectWith(atelier: Outside, ...names: string[]): Promise<{ project: Project, repos: Repo[] }> {
  const project = await make<Project>(atelier, '/api/projects', { title: names.join(' and ') || 'A project' })
  const repos = await Promise.all(names.map(async name =>
    make<Repo>(atelier, '/api/repos', {
      title: name, type: 'github', external_repo_id: await repoOnGitHub(atelier, name), project_id: project.uuid,
    })))
  return { project, repos }
}

/** A challenge of a new project, linked to each of its repositories, with its branches ready. */
export async function linkedChallenge(atelier: Outside, title: string, ...names: string[]): Promise<{
  project: Project
  repos: Repo[]
  challenge: Challenge
  links: Linked[]
}> {
  const { project, repos } = await projectWith(atelier, ...names)
  const challenge = await newChallenge(atelier, project, title)
  const links = await Promise.all(repos.map(async repo => (await untilMade(() => link(atelier, challenge, repo))).body))
  return { project, repos, challenge, links }
}

export const newChallenge = (atelier: Outside, project: Project, title: string, more: object = {}) =>
  make<Challenge>(atelier, '/api/challenges', { title, project_id: project.uuid, ...more })

export const newTask = (atelier: Pick<Atelier, 'api'>, challenge: Challenge, title: string, more: object = {}) =>
  make<Task>(atelier, '/api/tasks', { title, challenge_id: challenge.uuid, ...more })

export const newContributor = (atelier: Pick<Atelier, 'api'>, name: string) =>
  make<Contributor>(atelier, '/api/contributors', { full_name: name, github_username: name.toLowerCase().replace(/\W+/g, '-') })

/** Links a challenge to a repository. */
export const link = ({ api }: Pick<Atelier, 'api'>, challenge: Challenge, repo: Repo, spec: object = {}): Promise<Answer<Linked>> =>
  api.call<Linked>('POST', '/api/repos/challenge-repos', { body: { challenge_id: challenge.uuid, repo_id: repo.uuid, ...spec } })

/** So long a request waits for what is usually made at once. After that it is answered 202, and the workspace is created nevertheless. */
const INLINE_MS = 2_000

/** Asks for something that is made while the request waits. A machine that is too slow for it has to be asked until it is made. */
export async function untilMade<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const began = performance.now()
  const answer = await ask()
  if (answer.status !== 202 || performance.now() - began < INLINE_MS) return answer
  return until(async () => {
    const again = await ask()
    return again.status === 202 ? undefined : again
  })
}

/** Gives a task to a contributor. */
export const assign = (
  { api }: Pick<Atelier, 'api'>, task: Task, user: Contributor, headers?: Record<string, string>,
): Promise<Answer<AssignedTask>> =>
  api.call<AssignedTask>('POST', `/api/tasks/${task.uuid}/assign`, { body: { userId: user.uuid }, headers })
