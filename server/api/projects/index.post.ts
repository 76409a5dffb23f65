import { insertProject } from '../../projects/queries'
import { handle } from '../../http/handle'
import { toProject } from '../../projects/view'

export default handle('createProject', async ({ body }) => toProject(await insertProject(body)))
