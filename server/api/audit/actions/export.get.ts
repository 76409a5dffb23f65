import { sendExport } from '../../../http/export'
import { handle } from '../../../http/handle'
import { eachAction } from '../../../ledger/queries/actions'
import { Action } from '../../../../shared/schemas/action'

export default handle('exportActions', ({ event, query: { format, ...filter } }) =>
  sendExport(event, { name: 'atelier-actions', format, columns: Object.keys(Action.shape), pages: eachAction(filter) }))
