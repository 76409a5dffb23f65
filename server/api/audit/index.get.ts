import { listAuditEntries } from '../../engine/resource-views'
import { handle } from '../../http/handle'

export default handle('listAudit', ({ query }) => listAuditEntries(query))
