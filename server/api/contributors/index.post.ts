import { insertContributor } from '../../db/queries/contributors'
import { nameTaken, toContributor } from '../../utils/contributor-view'
import { handle } from '../../utils/handle'

export default handle('createContributor', async ({ body }) => {
  const contributor = await insertContributor(body)
  if (!contributor) throw nameTaken(body.github_username)
  return toContributor(contributor)
})
