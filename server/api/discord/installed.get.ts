import { sendRedirect } from 'h3'
import { chooseServer, findCourseByInstallState } from '../../courses'
import { handle } from '../../http/handle'

/** The actor of an answer that a person gives on Discord's own page. */
const INSTALLER = 'discord-install'

/**
 * Anyone may call this, so it trusts nothing: the state must name a course, and the bot must
 * be in the server. A caller without them learns nothing.
 */
export default handle('discordInstalled', async ({ event, query: { guild_id: guildId, state } }) => {
  const course = state && await findCourseByInstallState(state)
  if (!course || !guildId) return sendRedirect(event, '/')
  await chooseServer(course.id, guildId, INSTALLER).catch(ignoreRefusal)
  return sendRedirect(event, `/courses/${course.id}`)
})

/** A refused answer changes nothing. The page of the course still shows what it waits for. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Error && 'statusCode' in error)) throw error
}
