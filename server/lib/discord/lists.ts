import type { APIGuildChannel, APIRole, ChannelType, GuildChannelType } from 'discord-api-types/v10'
import { discord } from './client'

export type Channel = APIGuildChannel<GuildChannelType> & { topic?: string | null, type: ChannelType }
export type Role = APIRole

/** Milliseconds for which thirty groups that look at the same moment share one look. */
const RECENT_MS = 5_000

interface Look { at: number, answer: Promise<unknown> }

const looks = new Map<string, Look>()

/**
 * How old a list may be. `recent` serves a first look before a thing is made; after an
 * interruption only a `fresh` one can show what the lost call made.
 */
export type Freshness = 'recent' | 'fresh'

/** All channels of a server. */
export const listChannels = (guildId: string, freshness: Freshness = 'fresh') =>
  look<Channel[]>(freshness, `/guilds/${guildId}/channels`, 'DISCORD_LIST_CHANNELS')

/** All roles of a server. */
export const listRoles = (guildId: string, freshness: Freshness = 'fresh') =>
  look<Role[]>(freshness, `/guilds/${guildId}/roles`, 'DISCORD_LIST_ROLES')

function look<T>(freshness: Freshness, path: `/${string}`, action: string): Promise<T> {
  const last = looks.get(path)
  if (freshness === 'recent' && last && Date.now() - last.at < RECENT_MS) return last.answer as Promise<T>
  const answer = discord<T>(action, 'GET', path)
  looks.set(path, { at: Date.now(), answer })
  answer.catch(() => looks.delete(path))
  return answer
}
