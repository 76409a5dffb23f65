import { listAuditEntries } from '../engine/views'
import { handle } from '../http/handle'

export default handle('listAudit', ({ query }) => listAuditEntries(query))
