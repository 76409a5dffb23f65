import { findCourse, insertCourse, toCourse } from '../../courses'
import { startRun } from '../../engine/dispatch'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'
import { defaultGuildId } from '../../lib/env'

export default handle('createCourse', async ({ event, actor, body, idempotencyKey }) => {
  const outcome = await startRun({ actor: actor.id, request: 'createCourse', body, idempotencyKey }, tx =>
    insertCourse(tx, body, { actor: actor.id, discordGuildId: defaultGuildId() }))
  if (outcome.state === 'key-reused') throw problem('IDEMPOTENCY_KEY_REUSED')
  return toCourse(event, (await findCourse(outcome.recorded.id, actor.scope))!, actor)
})
