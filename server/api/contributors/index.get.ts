import { listContributors, toContributor } from '../../contributors'
import { handle } from '../../http/handle'

export default handle('listContributors', async ({ query }) => {
  const contributors = await listContributors(query)
  return { ...contributors, items: contributors.items.map(toContributor) }
})
