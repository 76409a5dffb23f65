import { handle } from '../http/handle'
import { describeApi } from '../http/openapi'

export default handle('getOpenApi', async () => describeApi())
