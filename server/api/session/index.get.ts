import { handle } from '../../utils/handle'

export default handle('getSession', async ({ actor: { name, role } }) => ({ name, role }))
