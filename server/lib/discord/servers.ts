import { PermissionFlagsBits, type RESTAPIPartialCurrentUserGuild } from 'discord-api-types/v10'
import { discordApiUrl, discordConfig } from '../env'
import { providerError } from '../errors'
import { discord } from './client'
import { listChannels, listRoles } from './lists'

/** The permissions that the bot needs in a server, under the names in Discord's settings. */
export const NEEDED_PERMISSIONS = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Manage Channels': PermissionFlagsBits.ManageChannels,
  'Manage Roles': PermissionFlagsBits.ManageRoles,
} as const

const MAX_ROLES = 250
const MAX_CHANNELS = 500

/** A Discord server ("guild") that the bot is in. */
export interface DiscordServer { id: string, name: string, url: string }

/**
 * Checks that the bot is in the server and has its permissions, and that so many more channels and roles fit.
 * @param sharedBy the run whose groups may share the answers
 * @throws ProviderError PARENT_NOT_FOUND, PROVIDER_FORBIDDEN or CAPACITY_EXCEEDED
 */
export async function checkServer(guildId: string, more: { channels: number, roles: number }, sharedBy: string): Promise<DiscordServer> {
  const server = await findServer(guildId)
  if (!server) throw providerError('BOT_LEFT_SERVER', { guildId, installUrl: installUrl({ guildId }) })
  const missing = missingPermissions(server.permissions)
  if (missing.length) throw providerError('BOT_LACKS_PERMISSIONS', {
    permissions: missing.join(', '),
    server: server.name,
    installUrl: installUrl({ guildId }),
  })
  const [channels, roles] = await Promise.all([listChannels(guildId, sharedBy), listRoles(guildId, sharedBy)])
  const checkRoom = (what: string, existing: number, wanted: number, most: number) => {
    if (existing + wanted > most) throw providerError('SERVER_TOO_FULL', { server: server.name, existing, wanted, what, most })
  }
  checkRoom('channels', channels.length, more.channels, MAX_CHANNELS)
  checkRoom('roles', roles.length, more.roles, MAX_ROLES)
  return { id: server.id, name: server.name, url: serverUrl(server.id) }
}

/** The server with that id, if the bot is in it. */
export async function findServer(guildId: string): Promise<RESTAPIPartialCurrentUserGuild | undefined> {
  return (await listServers()).find(({ id }) => id === guildId)
}

/** The servers the bot is in, 200 at most: the owner of a teaching bot has a handful. */
const listServers = () =>
  discord<RESTAPIPartialCurrentUserGuild[]>('DISCORD_LIST_GUILDS', 'GET', '/users/@me/guilds', { query: { limit: '200' } })

const missingPermissions = (held: string): string[] => {
  const permissions = BigInt(held)
  if (permissions & PermissionFlagsBits.Administrator) return []
  return Object.entries(NEEDED_PERMISSIONS).filter(([, bit]) => !(permissions & bit)).map(([name]) => name)
}

/**
 * Discord's page on which a person adds the bot to a server they own.
 * https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow
 * @param state Discord sends it with the server's id to `redirectUri`
 */
export function installUrl({ guildId, state, redirectUri }: { guildId?: string, state?: string, redirectUri?: string }): string {
  const url = new URL('/oauth2/authorize', webOrigin())
  url.searchParams.set('client_id', discordConfig().clientId)
  url.searchParams.set('scope', 'bot')
  url.searchParams.set('permissions', String(Object.values(NEEDED_PERMISSIONS).reduce((all, bit) => all | bit, 0n)))
  if (guildId) {
    url.searchParams.set('guild_id', guildId)
    url.searchParams.set('disable_guild_select', 'true')
  }
  if (state && redirectUri) {
    url.searchParams.set('state', state)
    url.searchParams.set('redirect_uri', redirectUri)
    url.searchParams.set('response_type', 'code')
  }
  return url.href
}

/** The page of a server, or of one of its channels, in Discord's own client. */
export const serverUrl = (guildId: string, channelId?: string) =>
  new URL(['/channels', guildId, channelId].filter(Boolean).join('/'), webOrigin()).href

/** Where Discord's pages are: beside its API. */
const webOrigin = () => new URL(discordApiUrl()).origin
