import type { Call } from '../core/pipeline.ts'
import { missingAccess, unknownChannel, unknownGuild, unknownRole, invalidForm } from './errors.ts'
import type { Channel, Guild, Role } from './records.ts'
import { isSnowflake } from './snowflake.ts'
import type { Store } from './store.ts'

/** Who calls: always a bot. */
export interface Identity {
  userId: string
}

export type DiscordCall = Call<Identity>

/** What the handlers of the Discord emulator share. */
export interface Hub {
  url: string
  apiUrl: string
  store: Store
}

/** A snowflake of the path; 50035 when it is none. */
export function idOf(call: Pick<DiscordCall, 'param'>, name: string): string {
  const id = call.param(name)
  if (!isSnowflake(id)) throw invalidForm({ [`${name}_id`]: { code: 'NUMBER_TYPE_COERCE', message: `Value "${id}" is not snowflake.` } })
  return id
}

/** The guild of the path, when the bot is a member of it. */
export function guildOf(hub: Hub, call: DiscordCall): Guild {
  const guild = hub.store.guilds.get(idOf(call, 'guild'))
  if (guild === undefined) throw unknownGuild()
  if (hub.store.member(guild.id, call.identity.userId) === undefined) throw missingAccess()
  return guild
}

/** The channel of the path, when the bot is a member of its guild. */
export function channelOf(hub: Hub, call: DiscordCall): Channel {
  const channel = hub.store.channels.get(idOf(call, 'channel'))
  if (channel === undefined) throw unknownChannel()
  if (hub.store.member(channel.guild_id, call.identity.userId) === undefined) throw missingAccess()
  return channel
}

/** The role of the path, in the given guild. */
export function roleOf(hub: Hub, call: DiscordCall, guild: Guild): Role {
  const role = hub.store.roles.get(idOf(call, 'role'))
  if (role === undefined || role.guild_id !== guild.id) throw unknownRole()
  return role
}
