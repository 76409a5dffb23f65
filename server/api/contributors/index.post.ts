import { insertContributor } from '../../contributors/queries'
import { nameTaken, toContributor } from '../../contributors/view'
import { handle } from '../../http/handle'

export default handle('createContributor', async ({ body }) => {
  const contributor = await insertContributor(body)
  if (!contributor) throw nameTaken(body.github_username)
  return toContributor(contributor)
})
