import { type APIChannel, type APIRole, type APIUser, ChannelType } from 'discord-api-types/v10'
import { providerError } from '../errors'
import type { Look } from './channels'
import { discord } from './client'
import { isUnknown } from './errors'
import { type Channel, listChannels, listRoles } from './lists'

/** A thing that Atelier made in a server; `id` is absent when the call that made it was never answered. */
export interface OwnThing { guildId: string, name: string, id?: string }

/** Who may see a thing: the role that alone sees a channel, or whether the role's own channel is still there. */
interface ChannelSight { onlyFor?: string }
interface RoleSight { hasChannel: boolean }

/** How to know what a lost call made: by its name, unless it is another course's, and by when it was made. */
export interface LostLook extends Pick<Look, 'others'> { since: Date, until: Date }

type Removal = (() => Promise<void>) | null

/**
 * Finds a text channel that may be removed, by its id or, where that was lost, by its marker.
 * @returns removes it; null when it is not there
 * @throws ProviderError RESOURCE_CONFLICT when it lost its marker or people have written in it
 */
export async function findRemovableChannel({ guildId, id, marker, onlyFor }: OwnThing & ChannelSight & { marker: string }): Promise<Removal> {
  if (onlyFor) await joinRole(guildId, onlyFor)
  const carries = (channel: Channel) => channel.topic?.includes(`[${marker}]`) === true
  const channel = id ? await getChannel(id) : (await listChannels(guildId)).find(carries)
  if (!channel) return null
  if (!carries(channel)) throw providerError('CHANNEL_MARKER_LOST', { name: channel.name })
  if ('last_message_id' in channel && channel.last_message_id) throw providerError('CHANNEL_HAS_MESSAGES', { name: channel.name })
  return () => deleteChannel(channel.id)
}

/**
 * Finds a category that may be removed, by its id or, where that was lost, by its name and age.
 * @throws ProviderError RESOURCE_CONFLICT when it has another name now or channels in it
 */
export async function findRemovableCategory({ guildId, id, name }: OwnThing, look: LostLook): Promise<Removal> {
  const channels = await listChannels(guildId)
  const category = channels.find(channel => channel.type === ChannelType.GuildCategory && (id ? channel.id === id : isLost(channel, name, look)))
  if (!category) return null
  if (category.name !== name) throw providerError('CATEGORY_RENAMED', { name: category.name, was: name })
  const isEmpty = !channels.some(channel => 'parent_id' in channel && channel.parent_id === category.id)
  if (!isEmpty) throw providerError('CATEGORY_NOT_EMPTY', { name })
  return () => deleteChannel(category.id)
}

/**
 * Finds a role that may be removed, by its id or, where that was lost, by its name and age.
 * @throws ProviderError RESOURCE_CONFLICT when it has another name now, or its channel was left
 */
export async function findRemovableRole({ guildId, id, name, hasChannel }: OwnThing & RoleSight, look: LostLook): Promise<Removal> {
  const role = id ? await unlessGone(discord<APIRole>('DISCORD_GET_ROLE', 'GET', `/guilds/${guildId}/roles/${id}`)) : (await listRoles(guildId)).find(role => isLost(role, name, look))
  if (!role) return null
  if (role.name !== name) throw providerError('ROLE_RENAMED', { name: role.name, was: name })
  if (hasChannel) throw providerError('ROLE_HAS_CHANNEL', { name })
  return async () => {
    await unlessGone(discord('DISCORD_DELETE_ROLE', 'DELETE', `/guilds/${guildId}/roles/${role.id}`))
  }
}

/** Who does not see a channel cannot remove it, whatever else they may: the bot takes the role that does. It goes with the role. */
async function joinRole(guildId: string, roleId: string): Promise<void> {
  const { id } = await discord<APIUser>('DISCORD_GET_SELF', 'GET', '/users/@me')
  await unlessGone(discord('DISCORD_JOIN_ROLE', 'PUT', `/guilds/${guildId}/members/${id}/roles/${roleId}`))
}

const getChannel = (id: string) => unlessGone(discord<APIChannel>('DISCORD_GET_CHANNEL', 'GET', `/channels/${id}`)) as Promise<Channel | null>

async function deleteChannel(id: string): Promise<void> {
  await unlessGone(discord('DISCORD_DELETE_CHANNEL', 'DELETE', `/channels/${id}`))
}

/** Clocks differ, and a call may take a while to take effect. */
const TOLERANCE_MS = 60_000
/** https://discord.com/developers/docs/reference#snowflakes */
const DISCORD_EPOCH = 1_420_070_400_000n

const isLost = (thing: { id: string, name: string }, name: string, { others, since, until }: LostLook): boolean => {
  const madeAt = Number((BigInt(thing.id) >> 22n) + DISCORD_EPOCH)
  return thing.name === name && !others.includes(thing.id) && madeAt > since.getTime() - TOLERANCE_MS && madeAt < until.getTime() + TOLERANCE_MS
}

async function unlessGone<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (isUnknown(error)) return null
    throw error
  })
}
