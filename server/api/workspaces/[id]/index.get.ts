import { handle } from '../../../http/handle'
import { requireWorkspace, toWorkspace } from '../../../workspaces'

export default handle('getWorkspace', async ({ params }) => toWorkspace(await requireWorkspace(params.id)))
