import { eachAuditEntry } from '../../engine/resource-views'
import { sendExport } from '../../http/export'
import { handle } from '../../http/handle'
import { AuditEntry } from '../../../shared/schemas/audit'

export default handle('exportAudit', ({ event, query: { format, ...filter } }) =>
  sendExport(event, { name: 'atelier-outside-calls', format, columns: Object.keys(AuditEntry.shape), pages: eachAuditEntry(filter) }))
