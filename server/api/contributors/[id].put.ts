import { toContributor, updateContributor } from '../../contributors'
import { handle } from '../../http/handle'
import { notFound, problem } from '../../http/problem'

export default handle('updateContributor', async ({ params, body }) => {
  const contributor = await updateContributor(params.id, body)
  if (!contributor) throw notFound('contributor', params.id)
  if (contributor === 'taken') throw problem('CONTRIBUTOR_EXISTS', { name: body.github_username! })
  return toContributor(contributor)
})
