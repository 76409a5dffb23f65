import { ChannelType } from 'discord-api-types/v10'
import type { Form } from './form.ts'
import type { Channel, Overwrite } from './records.ts'
import type { Store } from './store.ts'

/** The types of a guild's channels. */
export const CHANNEL_TYPES = [
  ChannelType.GuildText, ChannelType.GuildVoice, ChannelType.GuildCategory, ChannelType.GuildAnnouncement,
  ChannelType.GuildStageVoice, ChannelType.GuildForum, ChannelType.GuildMedia,
] as const

export const MAX_CHANNELS = 500
const MAX_IN_CATEGORY = 50
const DASHED = new Set<ChannelType>([ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum, ChannelType.GuildMedia])
const LONG_TOPICS = new Set<ChannelType>([ChannelType.GuildForum, ChannelType.GuildMedia])

/** The name that Discord gives a channel. Names of text channels are lower case, with dashes, without punctuation. */
export function channelName(name: string, type: ChannelType): string {
  if (!DASHED.has(type)) return name
  return name.toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/[!"#$%&'()*+,./:;<=>?@[\\\]^`{|}~]/g, '')
    .replace(/-{2,}/g, '-')
}

/** Applies a body to a channel. @throws HttpError 50035, which lists all problems of the body */
export function channelForm(store: Store, body: Form, channel: Channel): Channel {
  const type = body.choice('type', CHANNEL_TYPES) ?? channel.type
  const asked = body.string('name', 1, 100)
  const name = asked === undefined ? channel.name : channelName(asked, type)
  if (asked !== undefined && name === '') body.problem('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
  const topic = body.has('topic') ? body.string('topic', 0, LONG_TOPICS.has(type) ? 4096 : 1024) || null : channel.topic
  const parent_id = body.has('parent_id') ? body.snowflake('parent_id') ?? null : channel.parent_id
  if (parent_id !== null && parent_id !== channel.parent_id) checkParent(store, body, channel, type, parent_id)
  const overwrites = body.overwrites('permission_overwrites')
  const changed: Channel = {
    ...channel,
    type,
    name,
    topic,
    parent_id,
    position: body.integer('position', 0, 1_000_000) ?? channel.position,
    nsfw: body.boolean('nsfw') ?? channel.nsfw,
    rate_limit_per_user: body.integer('rate_limit_per_user', 0, 21_600) ?? channel.rate_limit_per_user,
    bitrate: body.integer('bitrate', 8000, 96_000) ?? channel.bitrate,
    user_limit: body.integer('user_limit', 0, type === ChannelType.GuildStageVoice ? 10_000 : 99) ?? channel.user_limit,
    permission_overwrites: overwrites ?? channel.permission_overwrites,
  }
  if (overwrites) checkOverwrites(store, body, channel.guild_id, overwrites)
  body.check()
  return changed
}

function checkParent(store: Store, form: Form, channel: Channel, type: ChannelType, parentId: string): void {
  const parent = store.channels.get(parentId)
  const problem = (code: string, message: string) => form.problem('parent_id', code, message)
  if (parent === undefined || parent.guild_id !== channel.guild_id) problem('CHANNEL_PARENT_INVALID', 'Category does not exist')
  else if (parent.type !== ChannelType.GuildCategory) problem('CHANNEL_PARENT_INVALID_TYPE', 'Not a category')
  else if (type === ChannelType.GuildCategory) problem('CHANNEL_PARENT_INVALID_PARENT', 'Categories cannot have subcategories')
  else if (store.channelsOf(channel.guild_id).filter(other => other.parent_id === parentId).length >= MAX_IN_CATEGORY) {
    problem('CHANNEL_PARENT_MAX_CHANNELS', `Maximum number of channels in category reached (${MAX_IN_CATEGORY})`)
  }
}

/** An overwrite must name a role of the guild, or a member by user id. */
function checkOverwrites(store: Store, form: Form, guildId: string, overwrites: Overwrite[]): void {
  overwrites.forEach(({ id, type }, i) => {
    if (id !== '' && !overwriteTargetExists(store, guildId, id, type)) {
      form.problem(`permission_overwrites.${i}.id`, 'OVERWRITE_INVALID_TARGET', type === 0 ? 'Unknown Role' : 'Unknown Member')
    }
  })
}

/** Whether the role or user of an overwrite exists. */
export function overwriteTargetExists(store: Store, guildId: string, id: string, type: number): boolean {
  return type === 0 ? store.roles.get(id)?.guild_id === guildId : store.users.get(id) !== undefined
}
