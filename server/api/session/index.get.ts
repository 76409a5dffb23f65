import { toSession } from '../../http/access'
import { handle } from '../../http/handle'

export default handle('getSession', async ({ actor }) => toSession(actor))
