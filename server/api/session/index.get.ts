import { handle } from '../../http/handle'

export default handle('getSession', async ({ actor: { name, role } }) => ({ name, role }))
