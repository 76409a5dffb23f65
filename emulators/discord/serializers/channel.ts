import { ChannelType } from 'discord-api-types/v10'
import type { APIExtendedInvite, APIMessage, GuildChannelType } from 'discord-api-types/v10'
import type { Channel, Invite, Message } from '../records.ts'
import type { Store } from '../store.ts'
import { userBody } from './guild.ts'

/** A channel in the API. Optional fields exist for some channel types only. */
export interface ChannelBody extends Partial<Omit<Channel, 'type'>> {
  id: string
  type: GuildChannelType
  guild_id: string
  name: string
  flags: number
  rtc_region?: null
}

const isVoice = (type: ChannelType) => type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice

export function channelBody(channel: Channel): ChannelBody {
  const { id, type, guild_id, name, position, parent_id, permission_overwrites } = channel
  const common = { id, type: type as GuildChannelType, guild_id, name, position, parent_id, permission_overwrites, flags: 0 }
  if (type === ChannelType.GuildCategory) return common
  const { nsfw, rate_limit_per_user, last_message_id, topic, bitrate, user_limit } = channel
  return isVoice(type)
    ? { ...common, nsfw, rate_limit_per_user, last_message_id, bitrate, user_limit, rtc_region: null }
    : { ...common, nsfw, rate_limit_per_user, last_message_id, topic }
}

/** An invite with the usage counts, which only members may see. */
export function inviteBody(store: Store, invite: Invite): APIExtendedInvite & { guild_id: string } {
  const guild = store.guilds.get(invite.guild_id)
  const channel = store.channels.get(invite.channel_id)
  const inviter = store.users.get(invite.inviter_id)
  return {
    type: 0,
    code: invite.code,
    guild_id: invite.guild_id,
    guild: {
      id: invite.guild_id,
      name: guild?.name ?? '',
      splash: null,
      banner: null,
      description: guild?.description ?? null,
      icon: null,
      features: [],
      verification_level: 0,
      vanity_url_code: null,
      nsfw_level: 0,
      premium_subscription_count: 0,
      ...{ nsfw: false },
    },
    channel: { id: invite.channel_id, name: channel?.name ?? '', type: channel?.type ?? ChannelType.GuildText },
    ...(inviter ? { inviter: userBody(inviter) } : {}),
    expires_at: expiry(invite)?.toISOString() ?? null,
    uses: invite.uses,
    max_uses: invite.max_uses,
    max_age: invite.max_age,
    temporary: invite.temporary,
    created_at: invite.created_at,
  }
}

/** The expiry of an invite; null for one that never expires. */
export function expiry(invite: Invite): Date | null {
  return invite.max_age === 0 ? null : new Date(Date.parse(invite.created_at) + invite.max_age * 1000)
}

export function messageBody(store: Store, message: Message): APIMessage {
  const author = store.users.get(message.author_id) ?? { id: message.author_id, username: 'deleted user', bot: false }
  return {
    id: message.id,
    type: 0,
    channel_id: message.channel_id,
    author: userBody(author),
    content: message.content,
    timestamp: message.timestamp,
    edited_timestamp: message.edited_timestamp,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    flags: 0 as APIMessage['flags'],
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
  }
}
