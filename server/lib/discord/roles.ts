import type { APIRole } from 'discord-api-types/v10'
import { type DiscordResource, type Look, ownOf, sharedBy } from './channels'
import { discord } from './client'
import { listRoles } from './lists'
import { serverUrl } from './servers'

export interface NewRole { guildId: string, name: string }

/** Creates a role without any server-wide permission; the channels define what it sees. */
export async function createRole({ guildId, name }: NewRole): Promise<DiscordResource> {
  const body = { name, permissions: '0', mentionable: true }
  const { id } = await discord<APIRole>('DISCORD_CREATE_ROLE', 'POST', `/guilds/${guildId}/roles`, { body })
  return { id, url: serverUrl(guildId) }
}

/**
 * Finds the role of that name. Roles carry no text, so only the intent shows whose it is.
 * @throws ProviderError RESOURCE_CONFLICT when `ours` is false and there is one
 */
export async function findRole({ guildId, name }: NewRole, look: Look): Promise<DiscordResource | null> {
  const found = ownOf('role', name, await listRoles(guildId, sharedBy(look)), look)
  return found && { id: found.id, url: serverUrl(guildId) }
}
