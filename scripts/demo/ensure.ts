import type { Challenge } from '../../shared/schemas/challenge.ts'
import type { Contributor, NewContributor } from '../../shared/schemas/contributor.ts'
import type { Page } from '../../shared/schemas/page.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { NewTask, Task } from '../../shared/schemas/task.ts'
import type { Client } from './client.ts'

interface Ensured<T> {
  /** Path of a list, newest first. The oldest match wins. */
  list: string
  /** Path to create it at. The operation takes no `Idempotency-Key`. */
  path: string
  body: object
  matches: (item: T) => boolean
}

/** Finds the resource of an earlier demo, or creates it. */
async function ensure<T>(client: Client, { list, path, body, matches }: Ensured<T>): Promise<T> {
  const find = async () => (await client.get<Page<T>>(list)).items.findLast(matches)
  return client.findOrCreate(find, path, body)
}

export const ensureProject = (client: Client, project: { title: string, description: string }) =>
  ensure<Project>(client, {
    list: `/api/projects?search=${encodeURIComponent(project.title)}`,
    path: '/api/projects',
    body: project,
    matches: ({ title }) => title === project.title,
  })

/** @param fullName `owner/name` on GitHub */
export const ensureRepo = (client: Client, project: Project, title: string, fullName: string) =>
  ensure<Repo>(client, {
    list: `/api/repos?project_id=${project.uuid}`,
    path: '/api/repos',
    body: { title, type: 'github', external_repo_id: fullName, project_id: project.uuid },
    matches: repo => repo.external_repo_id?.toLowerCase() === fullName.toLowerCase(),
  })

export const ensureChallenge = (client: Client, project: Project, title: string) =>
  ensure<Challenge>(client, {
    list: `/api/challenges?project_id=${project.uuid}`,
    path: '/api/challenges',
    body: { title, project_id: project.uuid },
    matches: challenge => challenge.title === title,
  })

export const ensureTask = (client: Client, challenge: Challenge, { title, type }: Pick<NewTask, 'title' | 'type'>) =>
  ensure<Task>(client, {
    list: `/api/tasks?challenge_id=${challenge.uuid}`,
    path: '/api/tasks',
    body: { title, type, challenge_id: challenge.uuid },
    matches: task => task.title === title,
  })

export const ensureContributor = (client: Client, contributor: NewContributor) =>
  ensure<Contributor>(client, {
    list: `/api/contributors?search=${contributor.github_username}`,
    path: '/api/contributors',
    body: contributor,
    matches: ({ github_username: name }) => name.toLowerCase() === contributor.github_username.toLowerCase(),
  })
