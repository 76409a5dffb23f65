import { handle } from '../../http/handle'
import { requireProject, toProject } from '../../projects'

export default handle('getProject', async ({ actor, params }) => toProject(await requireProject(params.id, actor.scope)))
