import { insertRepo } from '../../db/queries/projects'
import { handle } from '../../utils/handle'
import { knownProject } from '../../utils/known'
import { toRepo } from '../../utils/project-view'
import { repoExists } from '../../utils/repo-problems'

export default handle('createRepo', async ({ body }) => {
  await knownProject(body.project_id)
  const repo = await insertRepo(body)
  if (!repo) throw repoExists(body.external_repo_id ?? body.type)
  return toRepo(repo)
})
