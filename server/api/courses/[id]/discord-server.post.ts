import { audited } from '../../../ledger'
import { findServer } from '../../../lib/discord'
import { findWaitingRun, setDiscordServer } from '../../../courses/queries'
import { toCourse } from '../../../courses/view'
import { handle } from '../../../http/handle'
import { requireCourse } from '../../../courses/require'
import { problem } from '../../../http/problem'
import { resumeWithServer } from '../../../engine/waits'

export default handle('chooseDiscordServer', async ({ event, actor, params, body: { guildId } }) => {
  const { id } = await requireCourse(params.id)
  const runId = await findWaitingRun(id)
  if (!runId) throw problem({
    status: 409,
    code: 'NOT_WAITING',
    detail: 'This course does not wait for a Discord server.',
    why: 'It has one already, or its run is over.',
    fix: 'Look at its status; a failed course is taken up again by Retry.',
  })
  if (!await audited({ courseId: id, runId }, () => findServer(guildId))) throw problem({
    status: 422,
    code: 'BOT_NOT_IN_SERVER',
    detail: `The bot is not in the Discord server ${guildId}.`,
    why: 'Only a person who manages that server can add it.',
    fix: 'Open the course\'s install link, add the bot to the server, and send this again.',
  })
  if (!await setDiscordServer(id, guildId)) throw problem({
    status: 409,
    code: 'HAS_SERVER',
    detail: 'This course was given another Discord server a timestamptz ago.',
    why: 'A course has one server, and the first one named is it.',
    fix: 'Nothing: it goes on in that server.',
  })
  await resumeWithServer(runId)
  return toCourse(event, await requireCourse(id), actor)
})
