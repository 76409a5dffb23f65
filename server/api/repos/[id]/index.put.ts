import { updateRepo } from '../../../projects/queries'
import { handle } from '../../../http/handle'
import { requireRepo } from '../../../http/require'
import { notFound } from '../../../http/problem'
import { toRepo } from '../../../projects/view'
import { checkRepoId, repoExists, repoUsed } from '../../../projects/problems'

export default handle('updateRepo', async ({ params: { id }, body }) => {
  const { type } = await requireRepo(id)
  if (body.external_repo_id !== undefined) checkRepoId(type, body.external_repo_id)
  const repo = await updateRepo(id, body)
  if (!repo) throw notFound('repository', id)
  if (repo === 'used') throw repoUsed()
  if (repo === 'taken') throw repoExists(body.external_repo_id ?? type)
  return toRepo(repo)
})
