import { handle } from '../../http/handle'
import { listProjects, toProject } from '../../projects'

export default handle('listProjects', async ({ query }) => {
  const projects = await listProjects(query)
  return { ...projects, items: projects.items.map(toProject) }
})
