import type { Call } from '../core/pipeline.ts'
import { missingAccess, unknownChannel, unknownGuild, unknownRole, invalidForm } from './errors.ts'
import type { Channel, Guild, Role } from './records.ts'
import { isSnowflake } from './snowflake.ts'
import type { Store } from './store.ts'

/** The caller: always a bot. */
export interface Identity {
  userId: string
}

export type DiscordCall = Call<Identity>

/** The state that all handlers of the Discord emulator share. */
export interface DiscordBackend {
  url: string
  apiUrl: string
  store: Store
}

/** A snowflake of the path. @throws HttpError 50035 if it is malformed */
export function requireId(call: Pick<DiscordCall, 'param'>, name: string): string {
  const id = call.param(name)
  if (isSnowflake(id)) return id
  throw invalidForm({ [`${name}_id`]: { code: 'NUMBER_TYPE_COERCE', message: `Value "${id}" is not snowflake.` } })
}

/** The guild of the path. @throws HttpError if the bot is not a member */
export function requireGuild(backend: DiscordBackend, call: DiscordCall): Guild {
  const guild = backend.store.guilds.get(requireId(call, 'guild'))
  if (guild === undefined) throw unknownGuild()
  if (backend.store.member(guild.id, call.identity.userId) === undefined) throw missingAccess()
  return guild
}

/** The channel of the path. @throws HttpError if the bot is not a member of its guild */
export function requireChannel(backend: DiscordBackend, call: DiscordCall): Channel {
  const channel = backend.store.channels.get(requireId(call, 'channel'))
  if (channel === undefined) throw unknownChannel()
  if (backend.store.member(channel.guild_id, call.identity.userId) === undefined) throw missingAccess()
  return channel
}

/** The role of the path. @throws HttpError if it does not belong to the guild */
export function requireRole(backend: DiscordBackend, call: DiscordCall, guild: Guild): Role {
  const role = backend.store.roles.get(requireId(call, 'role'))
  if (role === undefined || role.guild_id !== guild.id) throw unknownRole()
  return role
}
