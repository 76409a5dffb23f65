import type { APIRole } from 'discord-api-types/v10'
import { conflict, freshness, type Made } from './channels'
import { discord } from './client'
import { listRoles } from './lists'
import { serverUrl } from './servers'

export interface NewRole { guildId: string, name: string }

/** Creates a role without any server-wide permission; what it may see is said by the channels. */
export async function createRole({ guildId, name }: NewRole): Promise<Made> {
  const { id } = await discord<APIRole>('DISCORD_CREATE_ROLE', 'POST', `/guilds/${guildId}/roles`, { body: { name, permissions: '0', mentionable: true } })
  return { id, url: serverUrl(guildId) }
}

/**
 * Finds the role of that name. Roles carry no text, so only the intent tells whose it is.
 * @throws ProviderError RESOURCE_CONFLICT when `ours` is false and there is one
 */
export async function findRole({ guildId, name }: NewRole, look: { ours: boolean }): Promise<Made | null> {
  const found = (await listRoles(guildId, freshness(look.ours))).find(role => role.name === name)
  if (!found) return null
  if (!look.ours) throw conflict('role', name)
  return { id: found.id, url: serverUrl(guildId) }
}
