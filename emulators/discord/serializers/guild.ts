import type {
  APIGuild, APIGuildMember, APIRole, APIUser, GuildSystemChannelFlags, RESTAPIPartialCurrentUserGuild, UserFlags,
} from 'discord-api-types/v10'
import { guildPermissions } from '../permissions.ts'
import type { Guild, Member, Role, User } from '../records.ts'
import type { Store } from '../store.ts'

/** A user, as embedded in other objects. */
export function userBody(user: User): APIUser & { primary_guild: null } {
  return {
    id: user.id,
    username: user.username,
    global_name: user.bot ? null : user.username,
    avatar: null,
    discriminator: user.bot ? '0001' : '0',
    public_flags: 0 as UserFlags,
    flags: 0 as UserFlags,
    primary_guild: null,
    ...(user.bot ? { bot: true } : {}),
  }
}

export function roleBody({ guild_id, ...role }: Role): APIRole {
  return role
}

/** A guild as `GET /guilds/{id}` answers it. */
export function guildBody(store: Store, guild: Guild): Omit<APIGuild, 'premium_progress_bar_enabled'> & Record<string, unknown> {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: guild.description,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.owner_id,
    application_id: null,
    region: 'us-west',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: guild.system_channel_id,
    system_channel_flags: 0 as GuildSystemChannelFlags,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: store.rolesOf(guild.id).map(roleBody),
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US' as APIGuild['preferred_locale'],
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
    hub_type: null,
  }
}

/** A guild as `GET /users/@me/guilds` lists it. */
export function partialGuild(store: Store, guild: Guild, userId: string): RESTAPIPartialCurrentUserGuild {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    banner: null,
    owner: guild.owner_id === userId,
    permissions: String(guildPermissions(store, guild.id, userId)),
    features: [],
  }
}

export function memberBody(store: Store, member: Member): APIGuildMember {
  const user = store.users.get(member.user_id) ?? { id: member.user_id, username: 'deleted user', bot: false }
  return {
    user: userBody(user),
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: member.roles,
    joined_at: member.joined_at,
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    mute: false,
    deaf: false,
    flags: 0 as APIGuildMember['flags'],
  }
}
