import type { Challenge } from '../../shared/schemas/challenge.ts'
import type { Contributor, NewContributor } from '../../shared/schemas/contributor.ts'
import type { Page } from '../../shared/schemas/page.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { NewTask, Task } from '../../shared/schemas/task.ts'
import type { Client } from './client.ts'

/**
 * What is there of an earlier demo, or else made: none of these calls takes an `Idempotency-Key`.
 * @param list where to look: a list with the newest first, so of several that fit, the last is taken
 */
async function findOrMake<T>(client: Client, { list, at, body, fits }: { list: string, at: string, body: object, fits: (one: T) => boolean }): Promise<T> {
  const find = async () => (await client.get<Page<T>>(list)).items.findLast(fits)
  return client.findOrMake(find, at, body)
}

export const ensureProject = (client: Client, project: { title: string, description: string }) =>
  findOrMake<Project>(client, { list: `/api/projects?search=${encodeURIComponent(project.title)}`, at: '/api/projects', body: project, fits: ({ title }) => title === project.title })

/** @param fullName `owner/name` on GitHub */
export const ensureRepo = (client: Client, project: Project, title: string, fullName: string) => findOrMake<Repo>(client, {
  list: `/api/repos?project_id=${project.uuid}`,
  at: '/api/repos',
  body: { title, type: 'github', external_repo_id: fullName, project_id: project.uuid },
  fits: repo => repo.external_repo_id?.toLowerCase() === fullName.toLowerCase(),
})

export const ensureChallenge = (client: Client, project: Project, title: string) => findOrMake<Challenge>(client, {
  list: `/api/challenges?project_id=${project.uuid}`, at: '/api/challenges', body: { title, project_id: project.uuid }, fits: challenge => challenge.title === title,
})

export const ensureTask = (client: Client, challenge: Challenge, { title, type }: Pick<NewTask, 'title' | 'type'>) => findOrMake<Task>(client, {
  list: `/api/tasks?challenge_id=${challenge.uuid}`, at: '/api/tasks', body: { title, type, challenge_id: challenge.uuid }, fits: task => task.title === title,
})

export const ensureContributor = (client: Client, contributor: NewContributor) => findOrMake<Contributor>(client, {
  list: `/api/contributors?search=${contributor.github_username}`,
  at: '/api/contributors',
  body: contributor,
  fits: ({ github_username: name }) => name.toLowerCase() === contributor.github_username.toLowerCase(),
})
