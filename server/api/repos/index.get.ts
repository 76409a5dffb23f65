import { listRepos } from '../../db/queries/projects'
import { handle } from '../../utils/handle'
import { toRepo } from '../../utils/project-view'

export default handle('listRepos', async ({ query }) => {
  const repos = await listRepos(query)
  return { ...repos, items: repos.items.map(toRepo) }
})
