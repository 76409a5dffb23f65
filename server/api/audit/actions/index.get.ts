import { handle } from '../../../http/handle'
import { listActions } from '../../../ledger/queries/actions'

export default handle('listActions', ({ query }) => listActions(query))
