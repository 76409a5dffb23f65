import { listKeys } from '../../db/queries/access'
import { handle } from '../../utils/handle'

export default handle('listKeys', async () => ({ items: await listKeys() }))
