import { type APIGuildMember, ChannelType } from 'discord-api-types/v10'
import { providerError } from '../errors'
import { discord } from './client'
import { listChannels, listRoles } from './lists'
import { createdAt, deleteRole, findRemovableCategory, findRemovableChannel } from './removal'

/** A channel, by its marker, or a category or role, by its name, that a server should have once. */
export interface SingleResource {
  type: 'CHANNEL' | 'CATEGORY' | 'ROLE'
  name: string
  marker: string
  /** The one that is recorded. */
  id: string
}

/** One more of the same. */
export interface Duplicate<T extends SingleResource> { of: T, id: string, createdAt: Date }

/** Finds channels, categories and roles that a server has beside the recorded ones. */
export async function findDuplicates<T extends SingleResource>(guildId: string, singles: T[]): Promise<Duplicate<T>[]> {
  const [channels, roles] = await Promise.all([listChannels(guildId), listRoles(guildId)])
  const isSame = {
    CHANNEL: ({ marker }: T) => channels.filter(channel => channel.topic?.includes(`[${marker}]`)),
    CATEGORY: ({ name }: T) => channels.filter(channel => channel.type === ChannelType.GuildCategory && channel.name === name),
    ROLE: ({ name }: T) => roles.filter(role => role.name === name),
  }
  return singles.flatMap(of => isSame[of.type](of).filter(({ id }) => id !== of.id).map(({ id }) => ({ of, id, createdAt: createdAt(id) })))
}

/**
 * Removes a duplicate that nobody uses.
 * @param onlyFor the only role that sees the channel
 * @throws ProviderError RESOURCE_CONFLICT when people have written in the channel, have the role, or the category has channels
 */
export async function removeDuplicate(guildId: string, { of, id }: Duplicate<SingleResource>, onlyFor?: string): Promise<void> {
  const { type, name, marker } = of
  if (type !== 'ROLE') {
    const remove = type === 'CHANNEL'
      ? await findRemovableChannel({ guildId, id, name, marker, onlyFor })
      : await findRemovableCategory({ guildId, id, name })
    await remove?.()
    return
  }
  if (await hasMembers(guildId, id)) throw providerError('ROLE_HAS_MEMBERS', { name })
  await deleteRole(guildId, id)
}

const PAGE = 1_000

/** Discord lists members only to bots with the Server Members intent; it refuses others. */
async function hasMembers(guildId: string, roleId: string): Promise<boolean> {
  for (let after = '0'; ;) {
    const query = { limit: String(PAGE), after }
    const members = await discord<APIGuildMember[]>('DISCORD_LIST_MEMBERS', 'GET', `/guilds/${guildId}/members`, { query })
    if (members.some(({ roles }) => roles.includes(roleId))) return true
    const last = members.at(-1)
    if (!last || members.length < PAGE) return false
    after = last.user.id
  }
}
