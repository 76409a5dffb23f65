import { insertRepo } from '../../projects/queries'
import { handle } from '../../http/handle'
import { requireProject } from '../../http/require'
import { toRepo } from '../../projects/view'
import { problem } from '../../http/problem'

export default handle('createRepo', async ({ body }) => {
  await requireProject(body.project_id)
  const repo = await insertRepo(body)
  if (!repo) throw problem('REPO_EXISTS', { name: body.external_repo_id ?? body.type })
  return toRepo(repo)
})
