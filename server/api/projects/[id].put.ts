import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'
import { toProject, updateProject } from '../../projects'

export default handle('updateProject', async ({ params, body }) => {
  const project = await updateProject(params.id, body)
  if (!project) throw notFound('project', params.id)
  return toProject(project)
})
