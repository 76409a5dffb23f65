import type { z } from 'zod'
import type { NewChallenge } from '#shared/schemas/challenge'
import type { NewProject, NewRepo } from '#shared/schemas/project'

const PAGE_SIZE = 20
/** The largest page that the API allows. */
const MAX_PAGE_SIZE = 100

/** A page of the projects that match `search`. */
export function useProjects(search: Ref<string>, page: Ref<number>) {
  const call = useApi()
  const list = useLoad(() => call('get /api/projects', {
    query: { search: search.value || undefined, page: page.value, pageSize: PAGE_SIZE },
  }), [search, page])
  return { ...list, pageSize: PAGE_SIZE, create: (project: z.input<typeof NewProject>) => call('post /api/projects', { body: project }) }
}

/** A project with its repositories and a page of its challenges. */
export function useProject(id: string, page: Ref<number>) {
  const call = useApi()
  const { data, problem, refresh } = useLoad(async () => {
    const [project, repos, challenges] = await Promise.all([
      call('get /api/projects/{id}', { params: { id } }),
      call('get /api/repos', { query: { project_id: id, pageSize: MAX_PAGE_SIZE } }),
      call('get /api/challenges', { query: { project_id: id, page: page.value, pageSize: PAGE_SIZE } }),
    ])
    return { project, repos: repos.items, challenges }
  }, [page])
  return {
    data,
    problem,
    refresh,
    pageSize: PAGE_SIZE,
    addRepo: async (repo: Omit<z.input<typeof NewRepo>, 'project_id'>) => {
      await call('post /api/repos', { body: { ...repo, project_id: id } })
      await refresh()
    },
    addChallenge: (challenge: Omit<z.input<typeof NewChallenge>, 'project_id'>) =>
      call('post /api/challenges', { body: { ...challenge, project_id: id } }),
  }
}
