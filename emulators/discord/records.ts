import type { APIOverwrite, APIRole, ChannelType } from 'discord-api-types/v10'

export type Overwrite = APIOverwrite

export interface User {
  id: string
  username: string
  bot: boolean
}

export interface Guild {
  id: string
  name: string
  description: string | null
  owner_id: string
  system_channel_id: string | null
}

/** A role with the id of its guild. */
export type Role = APIRole & { guild_id: string }

export interface Channel {
  id: string
  guild_id: string
  type: Exclude<ChannelType, ChannelType.DM | ChannelType.GroupDM>
  name: string
  position: number
  parent_id: string | null
  topic: string | null
  nsfw: boolean
  rate_limit_per_user: number
  bitrate: number
  user_limit: number
  permission_overwrites: Overwrite[]
  last_message_id: string | null
}

export interface Member {
  guild_id: string
  user_id: string
  nick: string | null
  roles: string[]
  joined_at: string
}

export interface Invite {
  code: string
  guild_id: string
  channel_id: string
  inviter_id: string
  max_age: number
  max_uses: number
  temporary: boolean
  uses: number
  created_at: string
}

export interface Message {
  id: string
  channel_id: string
  author_id: string
  content: string
  nonce: string | number | null
  timestamp: string
  edited_timestamp: string | null
}
