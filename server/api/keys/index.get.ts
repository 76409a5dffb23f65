import { listKeys } from '../../http/queries/access'
import { handle } from '../../http/handle'

export default handle('listKeys', async () => ({ items: await listKeys() }))
