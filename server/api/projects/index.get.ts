import { handle } from '../../http/handle'
import { listProjects, toProject } from '../../projects'

export default handle('listProjects', async ({ actor, query }) => {
  const projects = await listProjects(query, actor.scope)
  return { ...projects, items: projects.items.map(toProject) }
})
