import type { Challenge, LinkedRepo } from '../../../shared/schemas/challenge.ts'
import type { Contributor } from '../../../shared/schemas/contributor.ts'
import type { Page } from '../../../shared/schemas/page.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Project, Repo } from '../../../shared/schemas/project.ts'
import type { AssignedTask, Task } from '../../../shared/schemas/task.ts'
import type { z } from 'zod'
import type { ChaosClient } from '../client.ts'

export type Linked = z.infer<typeof LinkedRepo>

/** What the title of an order's challenge becomes in the name of its branch. */
export const slugOf = (n: number) => `chaos-${n}`

/** What the title of an order's task becomes there. */
export const taskSlugOf = (n: number) => `part-${n}`

/** A challenge of a project of its own, which has the repository. */
export interface Opened { challenge: Challenge, repo: Repo }

/** Opens a challenge. A request whose answer was lost is made again, which leaves one that nobody links. */
export async function openChallenge(client: ChaosClient, n: number, repository: string): Promise<Opened> {
  const project = await make<Project>(client, '/api/projects', { title: `Chaos ${n}` })
  const { status, body: repo } = await client.call<Repo>('POST', '/api/repos', { body: { title: repository, type: 'github', external_repo_id: repository, project_id: project.uuid } })
  // It was there already: the answer to the first request was lost.
  if (status === 409) return openChallenge(client, n, repository)
  if (status !== 201) throw refused(status, repo)
  return { repo, challenge: await make<Challenge>(client, '/api/challenges', { title: `Chaos ${n}`, project_id: project.uuid }) }
}

/** Links a challenge to its repository. @param key the `Idempotency-Key` */
export async function link(client: ChaosClient, { challenge, repo }: Opened, key?: string): Promise<Linked> {
  const { status, body } = await client.call<Linked>('POST', '/api/repos/challenge-repos', { body: { challenge_id: challenge.uuid, repo_id: repo.uuid }, key })
  if (status !== 201 && status !== 202) throw refused(status, body)
  return body
}

/** A task of the challenge; as with the challenge, a lost answer leaves one that nobody is given. */
export const newTask = (client: ChaosClient, { challenge }: Opened, n: number): Promise<Task> =>
  make<Task>(client, '/api/tasks', { title: `Part ${n}`, challenge_id: challenge.uuid, type: 'concurrent' })

export async function newContributor(client: ChaosClient, n: number): Promise<Contributor> {
  const name = `chaos-${n}`
  const { status, body } = await client.call<Contributor>('POST', '/api/contributors', { body: { full_name: name, github_username: name } })
  if (status === 201) return body
  // It was there already: the answer to the first request was lost.
  const { items } = await client.get<Page<Contributor>>(`/api/contributors?search=${name}`)
  return items.find(({ github_username }) => github_username === name) ?? Promise.reject(refused(status, body))
}

/** Gives a task to a contributor. @param key the `Idempotency-Key` */
export async function assign(client: ChaosClient, task: Task, { uuid }: Contributor, key: string): Promise<void> {
  const { status, body } = await client.call<AssignedTask>('POST', `/api/tasks/${task.uuid}/assign`, { body: { userId: uuid }, key })
  if (status !== 201 && status !== 202) throw refused(status, body)
}

async function make<T>(client: ChaosClient, path: string, body: object): Promise<T> {
  const { status, body: made } = await client.call<T>('POST', path, { body })
  if (status !== 201) throw refused(status, made)
  return made
}

export const refused = (status: number, body: unknown) => new Error(`It was refused: ${status} ${(body as Problem).detail}`)
