import { handle } from '../../../http/handle'
import { requireWorkspace, toWorkspace } from '../../../workspaces'

export default handle('getWorkspace', async ({ actor, params }) => toWorkspace(await requireWorkspace(params.id, actor.scope)))
