import { listRepos } from '../../projects/queries'
import { handle } from '../../http/handle'
import { toRepo } from '../../projects/view'

export default handle('listRepos', async ({ query }) => {
  const repos = await listRepos(query)
  return { ...repos, items: repos.items.map(toRepo) }
})
