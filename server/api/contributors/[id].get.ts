import { toContributor } from '../../contributors/view'
import { handle } from '../../http/handle'
import { requireContributor } from '../../http/require'

export default handle('getContributor', async ({ params }) => toContributor(await requireContributor(params.id)))
