import { handle } from '../../http/handle'
import { problem } from '../../http/problem'
import { insertRepo, requireAllowed, requireProject, toRepo } from '../../projects'

export default handle('createRepo', async ({ actor, body }) => {
  await requireProject(body.project_id, actor.scope)
  requireAllowed(body.type, body.external_repo_id)
  const repo = await insertRepo(body)
  if (!repo) throw problem('REPO_EXISTS', { name: body.external_repo_id ?? body.type })
  return toRepo(repo)
})
