import { listRuns } from '../../engine/views'
import { handle } from '../../http/handle'

/** The caller, as a filter of the actor. */
const MINE = 'mine'

export default handle('listRuns', ({ actor, query }) =>
  listRuns({ ...query, actor: query.actor === MINE ? actor.id : query.actor }, actor.scope))
