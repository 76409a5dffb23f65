import { requireUnbound } from '../../../http/access'
import { handle } from '../../../http/handle'
import { notFound, problem } from '../../../http/problem'
import { checkRepoId, requireAllowed, requireRepo, toRepo, updateRepo } from '../../../projects'

export default handle('updateRepo', async ({ actor, params: { id }, body }) => {
  const { type } = await requireRepo(id, actor.scope)
  if (body.external_repo_id !== undefined) requireUnbound(actor)
  if (body.external_repo_id !== undefined) checkRepoId(type, body.external_repo_id)
  requireAllowed(type, body.external_repo_id)
  const repo = await updateRepo(id, body)
  if (!repo) throw notFound('repository', id)
  if (repo === 'used') throw problem('REPO_ID_IN_USE')
  if (repo === 'taken') throw problem('REPO_EXISTS', { name: body.external_repo_id ?? type })
  return toRepo(repo)
})
