import { listProjects } from '../../db/queries/projects'
import { handle } from '../../utils/handle'
import { toProject } from '../../utils/project-view'

export default handle('listProjects', async ({ query }) => {
  const projects = await listProjects(query)
  return { ...projects, items: projects.items.map(toProject) }
})
