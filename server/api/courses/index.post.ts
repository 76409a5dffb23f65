import { defaultGuildId } from '../../lib/env'
import { findCourse, insertCourse } from '../../courses/queries'
import { toCourse } from '../../courses/view'
import { handle } from '../../http/handle'
import { problem } from '../../http/problem'
import { startRun } from '../../engine/dispatch'

export default handle('createCourse', async ({ event, actor, body, idempotencyKey }) => {
  const outcome = await startRun('provision-course', { actor: actor.id, request: 'createCourse', body, idempotencyKey },
    tx => insertCourse(tx, body, { actor: actor.id, discordGuildId: defaultGuildId() }))
  if (outcome.state === 'key-reused') throw problem({
    status: 409,
    code: 'IDEMPOTENCY_KEY_REUSED',
    detail: 'This Idempotency-Key was used for another request.',
    why: 'A key stands for one request; the same key with another body is a mistake of the caller.',
    fix: 'Use a new key for a new course, or send the first body again to get the first course.',
  })
  return toCourse(event, (await findCourse(outcome.recorded.id))!, actor)
})
