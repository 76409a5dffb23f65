import { ChannelType } from 'discord-api-types/v10'
import type { RoleFlags } from 'discord-api-types/v10'
import { DISCORD_CLIENT_ID } from '../defaults.ts'
import { EVERYONE_PERMISSIONS } from './permissions.ts'
import type { Channel, Guild, Role } from './records.ts'
import { snowflake } from './snowflake.ts'
import type { Store } from './store.ts'

/** Creates a server as Discord's client does: with @everyone, a category and #general. */
export function createGuild(store: Store, { id, name, ownerId }: { id: string, name: string, ownerId: string }): Guild {
  const system = snowflake()
  const guild = store.guilds.set(id, { id, name, description: null, owner_id: ownerId, system_channel_id: system })
  store.roles.set(id, newRole({ id, guild_id: id, name: '@everyone', permissions: String(EVERYONE_PERMISSIONS), position: 0 }))
  join(store, id, ownerId)
  const category = snowflake()
  store.channels.set(category, newChannel({ id: category, guild_id: id, type: ChannelType.GuildCategory, name: 'Text Channels' }))
  store.channels.set(system, newChannel({ id: system, guild_id: id, type: ChannelType.GuildText, name: 'general', parent_id: category }))
  return guild
}

/** Makes a user a member. Has no effect on a member. */
export function join(store: Store, guildId: string, userId: string): void {
  if (store.member(guildId, userId)) return
  store.setMember({ guild_id: guildId, user_id: userId, nick: null, roles: [], joined_at: new Date().toISOString() })
}

/** Adds the bot as the install page does: with its own managed role that has the requested permissions. */
export function addBot(store: Store, guildId: string, permissions: bigint): void {
  join(store, guildId, DISCORD_CLIENT_ID)
  const own = botRole(store, guildId)
  if (own) {
    store.roles.set(own.id, { ...own, permissions: String(permissions) })
    return
  }
  const name = store.users.get(DISCORD_CLIENT_ID)?.username ?? 'bot'
  const role = insertRole(store, newRole({
    id: snowflake(),
    guild_id: guildId,
    name,
    permissions: String(permissions),
    managed: true,
    tags: { bot_id: DISCORD_CLIENT_ID },
  }))
  const member = store.member(guildId, DISCORD_CLIENT_ID)
  if (member) store.setMember({ ...member, roles: [...member.roles, role.id] })
}

/** Removes a user from a guild. Removing the bot also deletes its managed role. */
export function leave(store: Store, guildId: string, userId: string): void {
  store.members.delete(`${guildId}/${userId}`)
  const own = botRole(store, guildId)
  if (userId === DISCORD_CLIENT_ID && own) removeRole(store, own)
}

/** The managed role of the bot in a guild. */
export function botRole(store: Store, guildId: string): Role | undefined {
  return store.roles.list(role => role.guild_id === guildId && role.tags?.bot_id === DISCORD_CLIENT_ID)[0]
}

/** Adds a role directly above @everyone. All roles above it move up. */
export function insertRole(store: Store, role: Role): Role {
  for (const other of store.rolesOf(role.guild_id)) {
    if (other.position >= 1) store.roles.set(other.id, { ...other, position: other.position + 1 })
  }
  return store.roles.set(role.id, { ...role, position: 1 })
}

/** Deletes a role, and removes it from its members and from overwrites. */
export function removeRole(store: Store, role: Role): void {
  store.roles.delete(role.id)
  for (const member of store.members.list(member => member.roles.includes(role.id))) {
    store.setMember({ ...member, roles: member.roles.filter(id => id !== role.id) })
  }
  for (const channel of store.channelsOf(role.guild_id)) {
    const kept = channel.permission_overwrites.filter(overwrite => overwrite.id !== role.id)
    if (kept.length < channel.permission_overwrites.length) store.channels.set(channel.id, { ...channel, permission_overwrites: kept })
  }
}

/** A role with Discord's defaults for absent fields. */
export function newRole(role: Pick<Role, 'id' | 'guild_id' | 'name' | 'permissions'> & Partial<Role>): Role {
  return {
    color: 0,
    colors: { primary_color: role.color ?? 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: 1,
    managed: false,
    mentionable: false,
    flags: 0 as RoleFlags,
    ...role,
  }
}

/** A channel with Discord's defaults for absent fields. */
export function newChannel(channel: Pick<Channel, 'id' | 'guild_id' | 'name' | 'type'> & Partial<Channel>): Channel {
  return {
    position: 0,
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    bitrate: 64_000,
    user_limit: 0,
    permission_overwrites: [],
    last_message_id: null,
    ...channel,
  }
}
