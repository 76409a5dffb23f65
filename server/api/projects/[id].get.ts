import { handle } from '../../utils/handle'
import { knownProject } from '../../utils/known'
import { toProject } from '../../utils/project-view'

export default handle('getProject', async ({ params }) => toProject(await knownProject(params.id)))
