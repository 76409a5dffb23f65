import { handle } from '../../http/handle'
import { requireProject } from '../../http/require'
import { toProject } from '../../projects/view'

export default handle('getProject', async ({ params }) => toProject(await requireProject(params.id)))
