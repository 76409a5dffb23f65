import { listContributors } from '../../contributors/queries'
import { toContributor } from '../../contributors/view'
import { handle } from '../../http/handle'

export default handle('listContributors', async ({ query }) => {
  const contributors = await listContributors(query)
  return { ...contributors, items: contributors.items.map(toContributor) }
})
