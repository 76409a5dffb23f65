import { handle } from '../utils/handle'
import { describeApi } from '../utils/openapi'

export default handle('getOpenApi', async () => describeApi())
