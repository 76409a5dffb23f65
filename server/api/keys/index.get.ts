import { handle } from '../../http/handle'
import { listKeys } from '../../http/queries/keys'

export default handle('listKeys', async () => ({ items: await listKeys() }))
