import { listContributors } from '../../db/queries/contributors'
import { toContributor } from '../../utils/contributor-view'
import { handle } from '../../utils/handle'

export default handle('listContributors', async ({ query }) => {
  const contributors = await listContributors(query)
  return { ...contributors, items: contributors.items.map(toContributor) }
})
