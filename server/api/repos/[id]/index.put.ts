import { updateRepo } from '../../../db/queries/projects'
import { handle } from '../../../utils/handle'
import { knownRepo } from '../../../utils/known'
import { notFound } from '../../../utils/problem'
import { toRepo } from '../../../utils/project-view'
import { checkRepoId, repoExists, repoUsed } from '../../../utils/repo-problems'

export default handle('updateRepo', async ({ params: { id }, body }) => {
  const { type } = await knownRepo(id)
  if (body.external_repo_id !== undefined) checkRepoId(type, body.external_repo_id)
  const repo = await updateRepo(id, body)
  if (!repo) throw notFound('repository', id)
  if (repo === 'used') throw repoUsed()
  if (repo === 'taken') throw repoExists(body.external_repo_id ?? type)
  return toRepo(repo)
})
