import { setResponseStatus } from 'h3'
import { handle } from '../../../http/handle'
import { removeWorkspace, requireWorkspace } from '../../../workspaces'

export default handle('removeWorkspace', async ({ event, actor, params, query: { deprovision } }) => {
  const removed = await removeWorkspace(await requireWorkspace(params.id, actor.scope), { actor: actor.id, deprovision })
  if (!removed.run) setResponseStatus(event, 200)
  return removed
})
