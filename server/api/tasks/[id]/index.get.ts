import { handle } from '../../../http/handle'
import { requireTask } from '../../../http/require'
import { toTask } from '../../../challenges/task-view'

export default handle('getTask', async ({ params }) => toTask(await requireTask(params.id)))
