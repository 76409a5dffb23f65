import type { z } from 'zod'
import type { Challenge, LinkedRepo } from '../../../shared/schemas/challenge.ts'
import type { Contributor } from '../../../shared/schemas/contributor.ts'
import type { Page } from '../../../shared/schemas/page.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Project, Repo } from '../../../shared/schemas/project.ts'
import type { AssignedTask, Task } from '../../../shared/schemas/task.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { ChaosClient } from '../client.ts'

/** So often, once a second, a workspace is read again whose provider could not be asked. */
const MAX_LOOKS = 15

export type Linked = z.infer<typeof LinkedRepo>

/** The slug of a scenario's challenge in the name of its branch. */
export const challengeSlug = (n: number) => `chaos-${n}`

/** The slug of a scenario's task in the name of its branch. */
export const taskSlug = (n: number) => `part-${n}`

/** A challenge in its own project, with the project's repository. */
export interface ChallengeSetup { challenge: Challenge, repo: Repo }

/** Creates a challenge. A retry after a lost response creates another one; the first one stays unlinked. */
export async function createChallenge(client: ChaosClient, n: number, repository: string): Promise<ChallengeSetup> {
  const project = await create<Project>(client, '/api/projects', { title: `Chaos ${n}` })
  const { status, body: repo } = await client.call<Repo>('POST', '/api/repos', {
    body: { title: repository, type: 'github', external_repo_id: repository, project_id: project.uuid },
  })
  // The repository exists already, because the response to the first request was lost.
  if (status === 409) return createChallenge(client, n, repository)
  if (status !== 201) throw refusal(status, repo)
  const challenge = await create<Challenge>(client, '/api/challenges', { title: `Chaos ${n}`, project_id: project.uuid })
  return { repo, challenge }
}

/** Links a challenge to its repository. @param key the `Idempotency-Key` */
export async function link(client: ChaosClient, { challenge, repo }: ChallengeSetup, key?: string): Promise<Linked> {
  const body = { challenge_id: challenge.uuid, repo_id: repo.uuid }
  const { status, body: linked } = await client.call<Linked>('POST', '/api/repos/challenge-repos', { body, key })
  if (status !== 201 && status !== 202) throw refusal(status, linked)
  return linked
}

/** Creates a task of the challenge. A lost response leaves an unassigned task. */
export const createTask = (client: ChaosClient, { challenge }: ChallengeSetup, n: number): Promise<Task> =>
  create<Task>(client, '/api/tasks', { title: `Part ${n}`, challenge_id: challenge.uuid, type: 'concurrent' })

export async function createContributor(client: ChaosClient, n: number): Promise<Contributor> {
  const name = `chaos-${n}`
  const { status, body } = await client.call<Contributor>('POST', '/api/contributors', {
    body: { full_name: name, github_username: name },
  })
  if (status === 201) return body
  // The contributor exists already, because the response to the first request was lost.
  const { items } = await client.get<Page<Contributor>>(`/api/contributors?search=${name}`)
  return items.find(({ github_username }) => github_username === name) ?? Promise.reject(refusal(status, body))
}

/** Assigns a task to a contributor. @param key the `Idempotency-Key` */
export async function assign(client: ChaosClient, task: Task, { uuid }: Contributor, key: string): Promise<void> {
  const path = `/api/tasks/${task.uuid}/assign`
  const { status, body } = await client.call<AssignedTask>('POST', path, { body: { userId: uuid }, key })
  if (status !== 201 && status !== 202) throw refusal(status, body)
}

async function create<T>(client: ChaosClient, path: string, body: object): Promise<T> {
  const { status, body: created } = await client.call<T>('POST', path, { body })
  if (status !== 201) throw refusal(status, created)
  return created
}

export const refusal = (status: number, body: unknown) => new Error(`Atelier refused it: ${status} ${(body as Problem).detail}`)

/** Looks at a workspace again while its provider cannot be asked, as after a refusal that asks to wait. */
export function readObserved(client: ChaosClient, id: string): Promise<Workspace> {
  let looks = 0
  return client.poll(async () => {
    const workspace = await client.get<Workspace>(`/api/workspaces/${id}`)
    return workspace.observedError && ++looks < MAX_LOOKS ? undefined : workspace
  })
}
