import { handle } from '../../http/handle'
import { notFound } from '../../http/problem'
import { toProject, updateProject } from '../../projects'

export default handle('updateProject', async ({ actor, params, body }) => {
  const project = await updateProject(params.id, body, actor.scope)
  if (!project) throw notFound('project', params.id)
  return toProject(project)
})
