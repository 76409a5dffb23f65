import { handle } from '../../../utils/handle'
import { knownTask } from '../../../utils/known'
import { toTask } from '../../../utils/task-view'

export default handle('getTask', async ({ params }) => toTask(await knownTask(params.id)))
