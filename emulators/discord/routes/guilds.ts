import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { Form } from '../form.ts'
import type { DiscordBackend, Identity } from '../backend.ts'
import { requireGuild } from '../backend.ts'
import { requireGuildPermission } from '../permissions.ts'
import { guildBody } from '../serializers/guild.ts'

/** Operations on a guild. */
export function guildRoutes(backend: DiscordBackend): Route<Identity>[] {
  const { store } = backend
  const subject = (call: { param: (name: string) => string }) => store.guilds.get(call.param('guild'))?.name ?? call.param('guild')
  return [
    {
      method: 'GET',
      path: '/guilds/:guild',
      operation: 'get_guild',
      subject,
      handler: (call) => {
        const guild = requireGuild(backend, call)
        const body = guildBody(store, guild)
        if (call.query('with_counts') !== 'true') return json(body)
        const members = store.members.list(member => member.guild_id === guild.id).length
        return json({ ...body, approximate_member_count: members, approximate_presence_count: members })
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guild',
      operation: 'update_guild',
      subject,
      handler: (call) => {
        const guild = requireGuild(backend, call)
        requireGuildPermission(store, guild.id, call.identity.userId, PermissionFlagsBits.ManageGuild)
        const form = new Form(call.body)
        const name = form.string('name', 2, 100) ?? guild.name
        const description = form.has('description') ? form.string('description', 0, 300) ?? null : guild.description
        const system_channel_id = form.has('system_channel_id')
          ? form.snowflake('system_channel_id') ?? null
          : guild.system_channel_id
        if (system_channel_id !== null && store.channels.get(system_channel_id)?.guild_id !== guild.id) {
          form.problem('system_channel_id', 'CHANNEL_ID_INVALID', 'Channel does not exist')
        }
        form.check()
        return json(guildBody(store, store.guilds.set(guild.id, { ...guild, name, description, system_channel_id })))
      },
    },
  ]
}
