import { setResponseStatus } from 'h3'
import { handle } from '../../../utils/handle'
import { knownWorkspace } from '../../../utils/known'
import { removeWorkspace } from '../../../utils/remove-workspace'

export default handle('removeWorkspace', async ({ event, actor, params, query: { deprovision } }) => {
  const removed = await removeWorkspace(await knownWorkspace(params.id), { actor: actor.id, deprovision })
  if (!removed.run) setResponseStatus(event, 200)
  return removed
})
