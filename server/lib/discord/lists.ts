import type { APIGuildChannel, APIRole, ChannelType, GuildChannelType } from 'discord-api-types/v10'
import { discord } from './client'

export type Channel = APIGuildChannel<GuildChannelType> & { topic?: string | null, type: ChannelType }
export type Role = APIRole

/** Time for which the groups of a run share one answer. */
const RECENT_MS = 5_000

const looks = new Map<string, Promise<unknown>>()

/**
 * All channels of a server.
 * @param sharedBy the run whose groups may share an answer of the last seconds; absent: asks again, as only that
 * can show what a lost call has created. Runs share nothing, so that a retry sees what was fixed.
 */
export const listChannels = (guildId: string, sharedBy?: string) =>
  look<Channel[]>(sharedBy, `/guilds/${guildId}/channels`, 'DISCORD_LIST_CHANNELS')

/** All roles of a server; `sharedBy` as with the channels. */
export const listRoles = (guildId: string, sharedBy?: string) =>
  look<Role[]>(sharedBy, `/guilds/${guildId}/roles`, 'DISCORD_LIST_ROLES')

function look<T>(sharedBy: string | undefined, path: `/${string}`, action: string): Promise<T> {
  if (!sharedBy) return discord<T>(action, 'GET', path)
  const key = `${sharedBy} ${path}`
  const recent = looks.get(key)
  if (recent) return recent as Promise<T>
  const answer = discord<T>(action, 'GET', path, { sharedBy })
  looks.set(key, answer)
  // It is as old as its answer: the call itself may have waited for a rate limit.
  answer.then(() => setTimeout(() => looks.delete(key), RECENT_MS).unref(), () => looks.delete(key))
  return answer
}
