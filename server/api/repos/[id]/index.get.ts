import { handle } from '../../../utils/handle'
import { knownRepo } from '../../../utils/known'
import { toRepo } from '../../../utils/project-view'

export default handle('getRepo', async ({ params }) => toRepo(await knownRepo(params.id)))
