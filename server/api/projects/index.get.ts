import { listProjects } from '../../projects/queries'
import { handle } from '../../http/handle'
import { toProject } from '../../projects/view'

export default handle('listProjects', async ({ query }) => {
  const projects = await listProjects(query)
  return { ...projects, items: projects.items.map(toProject) }
})
