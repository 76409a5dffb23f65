import { updateContributor } from '../../contributors/queries'
import { nameTaken, toContributor } from '../../contributors/view'
import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'

export default handle('updateContributor', async ({ params, body }) => {
  const contributor = await updateContributor(params.id, body)
  if (!contributor) throw notFound('contributor', params.id)
  if (contributor === 'taken') throw nameTaken(body.github_username!)
  return toContributor(contributor)
})
