import {
  ChannelType, OverwriteType, PermissionFlagsBits, type APIChannel, type RESTPostAPIGuildChannelJSONBody,
} from 'discord-api-types/v10'
import { providerError } from '../errors'
import { discord } from './client'
import { listChannels } from './lists'
import { serverUrl } from './servers'

/** A resource that was created in a server, as the ledger keeps it. */
export interface DiscordResource { id: string, url: string }

/** How to look for a resource. Only channels carry a marker. */
export interface Look {
  /** Whether it did not exist before an interrupted call of ours, which may have created it. */
  ours: boolean
  /** Ids of the resources of that name that belong to another course. */
  others: string[]
  /** The run that looks: its groups share one look, unless a lost call is looked for. */
  runId: string
}

export interface NewCategory { guildId: string, name: string }

export interface NewChannel {
  guildId: string
  categoryId: string
  name: string
  topic: string
  /** Part of the topic, by which Atelier recognises its own channel. */
  marker: string
  /** The only role that sees the channel; absent: everybody does. */
  onlyFor?: string
}

/** Creates the category that holds a course's channels. */
export const createCategory = ({ guildId, name }: NewCategory): Promise<DiscordResource> =>
  create(guildId, { name, type: ChannelType.GuildCategory })

/** Creates a text channel; with `onlyFor` its permissions are part of the same call, so it is never visible to others. */
export const createChannel = ({ guildId, categoryId, name, topic, marker, onlyFor }: NewChannel): Promise<DiscordResource> =>
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

async function create(guildId: string, body: RESTPostAPIGuildChannelJSONBody): Promise<DiscordResource> {
  const { id } = await discord<APIChannel>('DISCORD_CREATE_CHANNEL', 'POST', `/guilds/${guildId}/channels`, { body })
  return { id, url: serverUrl(guildId, id) }
}

/**
 * Finds the category of that name. Categories carry no text, so only the intent shows whose it is:
 * one that existed before the intent is somebody else's.
 * @throws ProviderError RESOURCE_CONFLICT when `ours` is false and there is one
 */
export async function findCategory({ guildId, name }: NewCategory, look: Look): Promise<DiscordResource | null> {
  const channels = await listChannels(guildId, sharedBy(look))
  const found = ownOf('category', name, channels.filter(channel => channel.type === ChannelType.GuildCategory), look)
  return found && { id: found.id, url: serverUrl(guildId, found.id) }
}

/**
 * The resource of that name that can only be ours: it did not exist before our intent, and no other course has it.
 * @throws ProviderError RESOURCE_CONFLICT when there is one, and it is somebody else's
 */
export function ownOf<T extends { id: string, name: string }>(
  resource: 'category' | 'role',
  name: string,
  candidates: T[],
  { ours, others }: Look,
): T | null {
  const found = candidates.filter(candidate => candidate.name === name)
  const own = ours ? found.find(({ id }) => !others.includes(id)) : undefined
  if (!own && found.length) throw providerError('DISCORD_NAME_TAKEN', { resource, name })
  return own ?? null
}

/**
 * Finds the channel of that name in the category.
 * @throws ProviderError RESOURCE_CONFLICT when there is one without our marker
 */
export async function findChannel({ guildId, categoryId, name, marker }: NewChannel, look: Look): Promise<DiscordResource | null> {
  const channels = await listChannels(guildId, sharedBy(look))
  const found = channels.filter(channel => 'parent_id' in channel && channel.parent_id === categoryId && channel.name === name)
  const own = found.find(channel => channel.topic?.includes(`[${marker}]`))
  if (own) return { id: own.id, url: serverUrl(guildId, own.id) }
  if (found.length) throw providerError('DISCORD_NAME_TAKEN', { resource: 'channel', name })
  return null
}

/** Only a look after a lost call can find what it created. */
export const sharedBy = ({ ours, runId }: Look): string | undefined => ours ? undefined : runId
