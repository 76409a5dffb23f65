import { type APIChannel, type APIRole, type APIUser, ChannelType } from 'discord-api-types/v10'
import { providerError } from '../errors'
import type { Look } from './channels'
import { discord } from './client'
import { isUnknown } from './errors'
import { type Channel, listChannels, listRoles } from './lists'

/** A resource that Atelier created in a server; `id` is absent when the creating call was never answered. */
export interface OwnResource { guildId: string, name: string, id?: string }

/** Who sees what: the only role that sees a channel, or whether the channel of a role still exists. */
interface ChannelSight { onlyFor?: string }
interface RoleSight { hasChannel: boolean }

/** How to recognise what a lost call created: by its name, unless another course has it, and by the time of its creation. */
export interface LostLook extends Pick<Look, 'others'> { since: Date, until: Date }

type Removal = (() => Promise<void>) | null

/**
 * Finds a text channel that may be removed, by its id or, where that was lost, by its marker.
 * @returns removes it; null when it is not there
 * @throws ProviderError RESOURCE_CONFLICT when it lost its marker or people have written in it
 */
export async function findRemovableChannel(channel: OwnResource & ChannelSight & { marker: string }): Promise<Removal> {
  const { guildId, id, marker, onlyFor } = channel
  if (onlyFor) await joinRole(guildId, onlyFor)
  const carries = (candidate: Channel) => candidate.topic?.includes(`[${marker}]`) === true
  const found = id ? await getChannel(id) : (await listChannels(guildId)).find(carries)
  if (!found) return null
  if (!carries(found)) throw providerError('CHANNEL_MARKER_LOST', { name: found.name })
  if ('last_message_id' in found && found.last_message_id) throw providerError('CHANNEL_HAS_MESSAGES', { name: found.name })
  return () => deleteChannel(found.id)
}

/**
 * Finds a category that may be removed, by its id or, where that was lost, by its name and age.
 * @param look needed where the id was lost
 * @throws ProviderError RESOURCE_CONFLICT when it has another name now or channels in it
 */
export async function findRemovableCategory({ guildId, id, name }: OwnResource, look?: LostLook): Promise<Removal> {
  const channels = await listChannels(guildId)
  const category = channels.filter(channel => channel.type === ChannelType.GuildCategory)
    .find(channel => id ? channel.id === id : look && isLost(channel, name, look))
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
export async function findRemovableRole({ guildId, id, name, hasChannel }: OwnResource & RoleSight, look: LostLook): Promise<Removal> {
  const role = id ? await getRole(guildId, id) : (await listRoles(guildId)).find(role => isLost(role, name, look))
  if (!role) return null
  if (role.name !== name) throw providerError('ROLE_RENAMED', { name: role.name, was: name })
  if (hasChannel) throw providerError('ROLE_HAS_CHANNEL', { name })
  return () => deleteRole(guildId, role.id)
}

/** Removes a role; a missing one is not a failure. */
export async function deleteRole(guildId: string, id: string): Promise<void> {
  await unlessGone(discord('DISCORD_DELETE_ROLE', 'DELETE', `/guilds/${guildId}/roles/${id}`))
}

/** The bot cannot remove a channel that it does not see, so it takes the only role that sees it. It loses the role when that is removed. */
async function joinRole(guildId: string, roleId: string): Promise<void> {
  const { id } = await discord<APIUser>('DISCORD_GET_SELF', 'GET', '/users/@me')
  await unlessGone(discord('DISCORD_JOIN_ROLE', 'PUT', `/guilds/${guildId}/members/${id}/roles/${roleId}`))
}

const getRole = (guildId: string, id: string) =>
  unlessGone(discord<APIRole>('DISCORD_GET_ROLE', 'GET', `/guilds/${guildId}/roles/${id}`))

const getChannel = (id: string) =>
  unlessGone(discord<APIChannel>('DISCORD_GET_CHANNEL', 'GET', `/channels/${id}`)) as Promise<Channel | null>

async function deleteChannel(id: string): Promise<void> {
  await unlessGone(discord('DISCORD_DELETE_CHANNEL', 'DELETE', `/channels/${id}`))
}

/** Clocks differ, and a call may take a while to take effect. */
const TOLERANCE_MS = 60_000
/** https://discord.com/developers/docs/reference#snowflakes */
const DISCORD_EPOCH = 1_420_070_400_000n

/** When Discord created a resource: its id says so. */
export const createdAt = (id: string): Date => new Date(Number((BigInt(id) >> 22n) + DISCORD_EPOCH))

/** Whether a lost call of ours may have created it. */
function isLost(candidate: { id: string, name: string }, name: string, { others, since, until }: LostLook): boolean {
  const at = createdAt(candidate.id).getTime()
  return candidate.name === name && !others.includes(candidate.id)
    && at > since.getTime() - TOLERANCE_MS && at < until.getTime() + TOLERANCE_MS
}

async function unlessGone<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (isUnknown(error)) return null
    throw error
  })
}
