import { handle } from '../../http/handle'
import { endSession } from '../../http/session'

export default handle('signOut', ({ event }) => endSession(event))
