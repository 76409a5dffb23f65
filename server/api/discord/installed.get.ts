import { sendRedirect } from 'h3'
import { audited } from '../../ledger'
import { findServer } from '../../lib/discord'
import { findCourseByInstallState, findWaitingRun, setDiscordServer } from '../../courses/queries'
import { handle } from '../../http/handle'
import { resumeWithServer } from '../../engine/waits'

/**
 * Anyone may come here, so nothing is believed: the state names the course, and the bot must
 * really be in the server. Nothing is told to who comes without them.
 */
export default handle('discordInstalled', async ({ event, query: { guild_id: guildId, state } }) => {
  const course = state && await findCourseByInstallState(state)
  if (!course || !guildId) return sendRedirect(event, '/')
  const runId = await findWaitingRun(course.id)
  if (runId && await audited({ courseId: course.id, runId }, () => findServer(guildId)) && await setDiscordServer(course.id, guildId)) await resumeWithServer(runId)
  return sendRedirect(event, `/courses/${course.id}`)
})
