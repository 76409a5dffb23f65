import { handle } from '../../http/handle'
import { listRepos, toRepo } from '../../projects'

export default handle('listRepos', async ({ actor, query }) => {
  const repos = await listRepos(query, actor.scope)
  return { ...repos, items: repos.items.map(toRepo) }
})
