import { handle } from '../../../utils/handle'
import { knownWorkspace } from '../../../utils/known'
import { toWorkspace } from '../../../utils/workspace-view'

export default handle('getWorkspace', async ({ params }) => toWorkspace(await knownWorkspace(params.id)))
