import { updateProject } from '../../db/queries/projects'
import { handle } from '../../utils/handle'
import { notFound } from '../../utils/problem'
import { toProject } from '../../utils/project-view'

export default handle('updateProject', async ({ params, body }) => {
  const project = await updateProject(params.id, body)
  if (!project) throw notFound('project', params.id)
  return toProject(project)
})
