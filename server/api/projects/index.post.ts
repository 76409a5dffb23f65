import { handle } from '../../http/handle'
import { insertProject, toProject } from '../../projects'

export default handle('createProject', async ({ body }) => toProject(await insertProject(body)))
