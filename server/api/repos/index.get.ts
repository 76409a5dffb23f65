import { handle } from '../../http/handle'
import { listRepos, toRepo } from '../../projects'

export default handle('listRepos', async ({ query }) => {
  const repos = await listRepos(query)
  return { ...repos, items: repos.items.map(toRepo) }
})
