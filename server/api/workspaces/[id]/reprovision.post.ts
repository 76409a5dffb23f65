import { setResponseStatus } from 'h3'
import { handle } from '../../../http/handle'
import { reprovisionWorkspace, requireWorkspace, toWorkspace } from '../../../workspaces'

export default handle('reprovisionWorkspace', async ({ event, actor, params: { id } }) => {
  await reprovisionWorkspace(await requireWorkspace(id, actor.scope), actor.id)
  const workspace = await toWorkspace(await requireWorkspace(id, actor.scope))
  if (workspace.status === 'ready') setResponseStatus(event, 201)
  return workspace
})
