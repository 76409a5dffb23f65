import { handle } from '../../../http/handle'
import { requireRepo, toRepo } from '../../../projects'

export default handle('getRepo', async ({ params }) => toRepo(await requireRepo(params.id)))
