import { describe, expect, it } from 'vitest'
import type { Challenge, ChallengeLink } from '../../shared/schemas/challenge.ts'
import type { Contributor } from '../../shared/schemas/contributor.ts'
import type { Page } from '../../shared/schemas/page.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import { expectProblem } from '../support/problems.ts'
import { assign, linkedChallenge, make, newChallenge, newContributor, newTask, projectWith } from '../support/projects.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'

const atelier = useSharedAtelier()
const get = async <T>(path: string) => (await atelier.api.call<T>('GET', path)).body
const put = <T>(path: string, body: object) => atelier.api.call<T>('PUT', path, { body })
const remove = (path: string) => atelier.api.call('DELETE', path)
/** Everything of a list, page by page. */
async function all<T>(path: string, pageSize: number): Promise<T[]> {
  const first = await get<Page<T>>(`${path}pageSize=${pageSize}`)
  const pages = await Promise.all(Array.from({ length: Math.ceil(first.total / pageSize) }, (_, n) =>
    get<Page<T>>(`${path}pageSize=${pageSize}&page=${n + 1}`)))
  return pages.flatMap(({ items }) => items)
}

describe('lists', () => {
  it('are paged, each one once, and filtered', async () => {
    const { project } = await projectWith(atelier)
    const made = await Promise.all(Array.from({ length: 7 }, (_, n) =>
      newChallenge(atelier, project, `Number ${n}`, n % 2 ? { status: 'closed' } : {})))
    const listed = await all<Challenge>(`/api/challenges?project_id=${project.uuid}&`, 3)
    expect(listed.map(({ index }) => index)).toEqual(made.map(({ index }) => index).sort((a, b) => b - a))
    expect((await all<Challenge>(`/api/challenges?project_id=${project.uuid}&status=closed&`, 2)).map(({ status }) => status))
      .toEqual(['closed', 'closed', 'closed'])
    const titles = ['Tea % and_more', 'Coffee'].map(title => make<Project>(atelier, '/api/projects', { title }))
    await Promise.all(titles)
    expect((await all<Project>('/api/projects?search=tea%20%25%20AND_&', 50)).map(({ title }) => title)).toEqual(['Tea % and_more'])
    await Promise.all(['Zed Person', 'Amy Person', 'bea person'].map(name => newContributor(atelier, name)))
    expect((await all<Contributor>('/api/contributors?search=person&', 2)).map(({ full_name }) => full_name))
      .toEqual(['Amy Person', 'bea person', 'Zed Person'])
    const { repos } = await projectWith(atelier, 'listed-1', 'listed-2')
    expect((await all<Repo>(`/api/repos?project_id=${repos[0]!.project_id}&type=github&`, 1)).map(({ uuid }) => uuid).sort())
      .toEqual(repos.map(({ uuid }) => uuid).sort())
    expect(await all<Repo>(`/api/repos?project_id=${repos[0]!.project_id}&type=figma&`, 1)).toEqual([])
  })

  it('of links tell what became of each workspace, from both sides', async () => {
    const { challenge, repos, links } = await linkedChallenge(atelier, 'Both sides', 'side-a', 'side-b')
    const { items } = await get<{ items: ChallengeLink[] }>(`/api/challenges/${challenge.uuid}/repos`)
    expect(items.map(({ repo, workspace_id, provisioning }) => [repo.title, workspace_id, provisioning.status]).sort())
      .toEqual(links.map(({ provisioning, challenge_repo }) => [
        repos.find(({ uuid }) => uuid === challenge_repo.repo_id)!.title, provisioning.workspace_id, 'ready',
      ]).sort())
    expect(await get(`/api/repos/${repos[0]!.uuid}/challenges`)).toMatchObject({ items: [{ uuid: challenge.uuid }] })
  })
})

describe('changing', () => {
  it('leaves what is not named, clears what is null, and keeps the names of workspaces', async () => {
    const { challenge, repos: [repo], links: [link] } = await linkedChallenge(atelier, 'Before', 'changed')
    const changed = await put<Challenge>(`/api/challenges/${challenge.uuid}`, {
      title: 'After', roadmap: 'First\nthen', end_date: '2026-12-31',
    })
    expect([changed.status, changed.body]).toEqual([200, { ...challenge, title: 'After', roadmap: 'First\nthen', end_date: '2026-12-31' }])
    expect((await put<Challenge>(`/api/challenges/${challenge.uuid}`, { roadmap: null, status: 'closed' })).body)
      .toEqual({ ...changed.body, roadmap: null, status: 'closed' })
    expect((await get<{ items: ChallengeLink[] }>(`/api/challenges/${challenge.uuid}/repos`)).items[0]!.workspace_ref)
      .toBe(link!.provisioning.ref)
    expect((await put<Repo>(`/api/repos/${repo!.uuid}`, { title: 'Renamed' })).body).toEqual({ ...repo, title: 'Renamed' })
    expectProblem(await put(`/api/repos/${repo!.uuid}`, { external_repo_id: 'atelier/other' }), 409, 'STILL_USED')
    const { project, repos: [free, other] } = await projectWith(atelier, 'moves', 'stays')
    expectProblem(await put(`/api/repos/${free!.uuid}`, { external_repo_id: other!.external_repo_id!.toUpperCase() }), 409, 'REPO_EXISTS')
    expect((await put<Repo>(`/api/repos/${free!.uuid}`, { external_repo_id: 'atelier/moved' })).body.external_repo_id).toBe('atelier/moved')
    expect((await put<Project>(`/api/projects/${project.uuid}`, { description: 'More' })).body).toEqual({ ...project, description: 'More' })
    const [one, two] = [await newContributor(atelier, 'One'), await newContributor(atelier, 'Two')]
    expectProblem(await put(`/api/contributors/${two.uuid}`, { github_username: 'ONE' }), 409, 'CONTRIBUTOR_EXISTS')
    expect((await put<Contributor>(`/api/contributors/${one.uuid}`, { github_username: 'ONE', full_name: 'Uno' })).body)
      .toMatchObject({ github_username: 'ONE', full_name: 'Uno' })
  })
})

describe('deleting', () => {
  it('takes what nothing needs, and refuses the rest with what to do first', async () => {
    const { project, repos: [repo], challenge } = await linkedChallenge(atelier, 'Kept', 'kept')
    const [task, part] = [await newTask(atelier, challenge, 'Task'), await newTask(atelier, challenge, 'Whole')]
    const leaf = await newTask(atelier, challenge, 'Part', { parent_task_id: part.uuid })
    const user = await newContributor(atelier, 'Kept')
    await assign(atelier, task, user)
    for (const path of [
      `projects/${project.uuid}`, `repos/${repo!.uuid}`, `challenges/${challenge.uuid}`,
      `tasks/${task.uuid}`, `tasks/${part.uuid}`, `contributors/${user.uuid}`,
    ]) {
      expectProblem(await remove(`/api/${path}`), 409, 'STILL_USED')
      expect((await atelier.api.call('GET', `/api/${path}`)).status).toBe(200)
    }
    const { project: empty, repos: [unused] } = await projectWith(atelier, 'unused')
    const idle = await newChallenge(atelier, empty, 'Idle')
    const nobody = await newContributor(atelier, 'Nobody')
    for (const path of [
      `tasks/${leaf.uuid}`, `tasks/${part.uuid}`, `challenges/${idle.uuid}`,
      `repos/${unused!.uuid}`, `projects/${empty.uuid}`, `contributors/${nobody.uuid}`,
    ]) {
      expect([path, (await remove(`/api/${path}`)).status]).toEqual([path, 204])
      expectProblem(await remove(`/api/${path}`), 404, 'NOT_FOUND')
    }
  })
})
