import { insertProject } from '../../db/queries/projects'
import { handle } from '../../utils/handle'
import { toProject } from '../../utils/project-view'

export default handle('createProject', async ({ body }) => toProject(await insertProject(body)))
