import { toContributor } from '../../utils/contributor-view'
import { handle } from '../../utils/handle'
import { knownContributor } from '../../utils/known'

export default handle('getContributor', async ({ params }) => toContributor(await knownContributor(params.id)))
