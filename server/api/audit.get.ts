import { listAudit } from '../ledger/queries/audit'
import { handle } from '../http/handle'

export default handle('listAudit', ({ query }) => listAudit(query))
