import { listRuns } from '../../engine/views'
import { handle } from '../../http/handle'

export default handle('listRuns', ({ query }) => listRuns(query))
