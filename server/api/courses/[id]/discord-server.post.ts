import { chooseServer, requireCourse, toCourse } from '../../../courses'
import { handle } from '../../../http/handle'

export default handle('chooseDiscordServer', async ({ event, actor, params, body: { guildId } }) => {
  const { id } = await requireCourse(params.id, actor.scope)
  await chooseServer(id, guildId, actor.id)
  return toCourse(event, await requireCourse(id, actor.scope), actor)
})
