import { listContributors, toContributor } from '../../contributors'
import { handle } from '../../http/handle'

export default handle('listContributors', async ({ actor, query }) => {
  const contributors = await listContributors(query, actor.scope)
  return { ...contributors, items: contributors.items.map(toContributor) }
})
