import { insertRepo } from '../../db/queries/projects'
import { handle } from '../../utils/handle'
import { knownProject } from '../../utils/known'
import { problem } from '../../utils/problem'
import { toRepo } from '../../utils/project-view'

export default handle('createRepo', async ({ body }) => {
  await knownProject(body.project_id)
  const repo = await insertRepo(body)
  if (!repo) throw problem({
    status: 409,
    code: 'REPO_EXISTS',
    detail: `The project has the repository ${body.external_repo_id ?? body.type} already.`,
    why: 'A repository stands once in a project, so that its workspaces are known.',
    fix: 'Use the one that is there: GET /api/repos lists them.',
  })
  return toRepo(repo)
})
