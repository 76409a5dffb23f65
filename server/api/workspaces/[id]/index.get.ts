import { handle } from '../../../http/handle'
import { requireWorkspace } from '../../../http/require'
import { toWorkspace } from '../../../workspaces/view'

export default handle('getWorkspace', async ({ params }) => toWorkspace(await requireWorkspace(params.id)))
