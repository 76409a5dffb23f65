import { insertContributor, toContributor } from '../../contributors'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'

export default handle('createContributor', async ({ body }) => {
  const contributor = await insertContributor(body)
  if (!contributor) throw problem('CONTRIBUTOR_EXISTS', { name: body.github_username })
  return toContributor(contributor)
})
