import { ChannelType, OverwriteType, PermissionFlagsBits, type APIChannel, type RESTPostAPIGuildChannelJSONBody } from 'discord-api-types/v10'
import { ProviderError } from '../errors'
import { discord } from './client'
import { type Freshness, listChannels } from './lists'
import { serverUrl } from './servers'

/** Something made in a server, as the ledger keeps it. */
export interface Made { id: string, url: string }

export interface NewCategory { guildId: string, name: string }

export interface NewChannel {
  guildId: string
  categoryId: string
  name: string
  topic: string
  /** Stands in the topic; by it the channel is known again as ours. */
  marker: string
  /** The only role that sees the channel; absent: everybody does. */
  onlyFor?: string
}

/** Creates the category that holds a course's channels. */
export const createCategory = ({ guildId, name }: NewCategory): Promise<Made> =>
  create(guildId, { name, type: ChannelType.GuildCategory })

/** Creates a text channel; with `onlyFor` its permissions are part of the same call, so it is never open for a moment. */
export const createChannel = ({ guildId, categoryId, name, topic, marker, onlyFor }: NewChannel): Promise<Made> =>
  create(guildId, {
    name,
    type: ChannelType.GuildText,
    parent_id: categoryId,
    topic: `${topic.slice(0, TOPIC_LENGTH - marker.length - 3)} [${marker}]`,
    permission_overwrites: onlyFor
      ? [
          // The id of @everyone is that of the server.
          { id: guildId, type: OverwriteType.Role, allow: '0', deny: String(PermissionFlagsBits.ViewChannel) },
          { id: onlyFor, type: OverwriteType.Role, allow: String(PermissionFlagsBits.ViewChannel), deny: '0' },
        ]
      : undefined,
  })

/** Discord's limit for a topic. */
const TOPIC_LENGTH = 1024

async function create(guildId: string, body: RESTPostAPIGuildChannelJSONBody): Promise<Made> {
  const { id } = await discord<APIChannel>('DISCORD_CREATE_CHANNEL', 'POST', `/guilds/${guildId}/channels`, { body })
  return { id, url: serverUrl(guildId, id) }
}

/**
 * Finds the category of that name. Categories carry no text, so only the intent tells whose it is:
 * one that was there before the intent is somebody else's.
 * @throws ProviderError RESOURCE_CONFLICT when `ours` is false and there is one
 */
export async function findCategory({ guildId, name }: NewCategory, look: { ours: boolean }): Promise<Made | null> {
  const channels = await listChannels(guildId, freshness(look.ours))
  const found = channels.find(channel => channel.type === ChannelType.GuildCategory && channel.name === name)
  if (!found) return null
  if (!look.ours) throw conflict('category', name)
  return { id: found.id, url: serverUrl(guildId, found.id) }
}

/**
 * Finds the channel of that name in the category.
 * @throws ProviderError RESOURCE_CONFLICT when there is one without our marker
 */
export async function findChannel({ guildId, categoryId, name, marker }: NewChannel, look: { ours: boolean }): Promise<Made | null> {
  const channels = await listChannels(guildId, freshness(look.ours))
  const found = channels.filter(channel => 'parent_id' in channel && channel.parent_id === categoryId && channel.name === name)
  const own = found.find(channel => channel.topic?.includes(`[${marker}]`))
  if (own) return { id: own.id, url: serverUrl(guildId, own.id) }
  if (found.length) throw conflict('channel', name)
  return null
}

/** A lost answer can only be found by a look made after it. */
export const freshness = (afterInterruption: boolean): Freshness => afterInterruption ? 'fresh' : 'recent'

/** The refusal to take over something that somebody else made. */
export const conflict = (what: string, name: string) => new ProviderError({
  code: 'RESOURCE_CONFLICT',
  message: `The Discord ${what} "${name}" exists already and was not made for this course.`,
  why: 'It was there before and does not carry the mark of this course, so it is left untouched.',
  fix: `Rename or remove that ${what} on Discord and press Retry, or create the course again under another name.`,
  retryable: false,
})
