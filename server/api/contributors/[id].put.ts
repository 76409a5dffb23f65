import { updateContributor } from '../../db/queries/contributors'
import { nameTaken, toContributor } from '../../utils/contributor-view'
import { handle } from '../../utils/handle'
import { notFound } from '../../utils/problem'

export default handle('updateContributor', async ({ params, body }) => {
  const contributor = await updateContributor(params.id, body)
  if (!contributor) throw notFound('contributor', params.id)
  if (contributor === 'taken') throw nameTaken(body.github_username!)
  return toContributor(contributor)
})
