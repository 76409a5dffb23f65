import { requireTask, toTask } from '../../../challenges'
import { handle } from '../../../http/handle'

export default handle('getTask', async ({ actor, params }) => toTask(await requireTask(params.id, actor.scope)))
