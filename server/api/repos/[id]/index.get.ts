import { handle } from '../../../http/handle'
import { requireRepo } from '../../../http/require'
import { toRepo } from '../../../projects/view'

export default handle('getRepo', async ({ params }) => toRepo(await requireRepo(params.id)))
