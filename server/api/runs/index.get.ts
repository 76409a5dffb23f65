import { listRuns } from '../../db/queries/runs'
import { handle } from '../../utils/handle'

export default handle('listRuns', ({ query }) => listRuns(query))
