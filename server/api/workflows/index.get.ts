import { listWorkflows } from '../../engine/views'
import { handle } from '../../http/handle'

export default handle('listWorkflows', () => Promise.resolve({ items: listWorkflows() }))
