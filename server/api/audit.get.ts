import { listAudit } from '../db/queries/audit'
import { handle } from '../utils/handle'

export default handle('listAudit', ({ query }) => listAudit(query))
