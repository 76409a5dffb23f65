import { listAuditEntries } from '../../engine/resource-views'
import { handle } from '../../http/handle'

export default handle('listAudit', ({ actor, query }) => listAuditEntries(query, actor.scope))
