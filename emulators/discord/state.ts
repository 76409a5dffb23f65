import { DISCORD_CLIENT_ID } from '../defaults.ts'
import { botRole } from './guilds.ts'
import { channelBody } from './serializers/channel.ts'
import { roleBody } from './serializers/guild.ts'
import type { Store } from './store.ts'

/** All resources, with the details that tests count and compare. */
export function stateOf(store: Store) {
  return {
    guilds: store.guilds.list().map(guild => ({
      id: guild.id,
      name: guild.name,
      owner_id: guild.owner_id,
      bot: store.member(guild.id, DISCORD_CLIENT_ID) === undefined
        ? null
        : { permissions: botRole(store, guild.id)?.permissions ?? '0' },
      roles: store.rolesOf(guild.id).map(roleBody),
      channels: store.channelsOf(guild.id).map(channelBody),
      members: store.members.list(member => member.guild_id === guild.id)
        .map(({ user_id, nick, roles }) => ({ user_id, username: store.users.get(user_id)?.username ?? '', nick, roles })),
      invites: store.invites.list(invite => invite.guild_id === guild.id),
      messages: store.messages.list(message => store.channels.get(message.channel_id)?.guild_id === guild.id),
    })),
  }
}

export type DiscordState = ReturnType<typeof stateOf>
