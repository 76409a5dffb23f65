import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { missingAccess, missingPermissions } from './errors.ts'
import type { Channel, Overwrite } from './records.ts'
import type { Store } from './store.ts'

const ALL = Object.values(P).reduce((all, bit) => all | bit, 0n)

/** The permissions of @everyone in a new guild. */
export const EVERYONE_PERMISSIONS = P.CreateInstantInvite | P.AddReactions | P.Stream | P.ViewChannel | P.SendMessages
  | P.EmbedLinks | P.AttachFiles | P.ReadMessageHistory | P.MentionEveryone | P.UseExternalEmojis | P.Connect | P.Speak
  | P.UseVAD | P.ChangeNickname | P.UseApplicationCommands | P.RequestToSpeak | P.CreatePublicThreads
  | P.CreatePrivateThreads | P.UseExternalStickers | P.SendMessagesInThreads

/** The permissions of the bot in the emulator's guild. */
export const BOT_PERMISSIONS = P.ViewChannel | P.ManageGuild | P.ManageChannels | P.ManageRoles | P.SendMessages | P.CreateInstantInvite

/** Permissions of a member in the whole guild; the owner and administrators have all. */
export function guildPermissions(store: Store, guildId: string, userId: string): bigint {
  if (store.guilds.get(guildId)?.owner_id === userId) return ALL
  const roles = [guildId, ...store.member(guildId, userId)?.roles ?? []]
  const granted = roles.reduce((bits, id) => bits | BigInt(store.roles.get(id)?.permissions ?? 0), 0n)
  return granted & P.Administrator ? ALL : granted
}

/** Permissions of a member in a channel, in Discord's order: @everyone, all roles, the member. */
export function channelPermissions(store: Store, channel: Channel, userId: string): bigint {
  const base = guildPermissions(store, channel.guild_id, userId)
  if (base & P.Administrator) return ALL
  const ownRoles = new Set(store.member(channel.guild_id, userId)?.roles)
  const apply = (bits: bigint, overwrites: Overwrite[]) => {
    const allow = overwrites.reduce((sum, overwrite) => sum | BigInt(overwrite.allow), 0n)
    const deny = overwrites.reduce((sum, overwrite) => sum | BigInt(overwrite.deny), 0n)
    return (bits & ~deny) | allow
  }
  const { permission_overwrites: all, guild_id } = channel
  let bits = apply(base, all.filter(overwrite => overwrite.id === guild_id))
  bits = apply(bits, all.filter(overwrite => ownRoles.has(overwrite.id)))
  bits = apply(bits, all.filter(overwrite => overwrite.id === userId))
  // A member without ViewChannel has no permission in the channel.
  return bits & P.ViewChannel ? bits : 0n
}

/** Position of a member's highest role. The owner is above all roles. */
export function highestPosition(store: Store, guildId: string, userId: string): number {
  if (store.guilds.get(guildId)?.owner_id === userId) return Number.POSITIVE_INFINITY
  const positions = store.member(guildId, userId)?.roles.map(id => store.roles.get(id)?.position ?? 0) ?? []
  return Math.max(0, ...positions)
}

/** @throws HttpError 50013 if the member lacks `needed` in the guild */
export function requireGuildPermission(store: Store, guildId: string, userId: string, needed: bigint): void {
  if ((guildPermissions(store, guildId, userId) & needed) !== needed) throw missingPermissions()
}

/** @throws HttpError 50001 if the member cannot see the channel, 50013 if it lacks `needed` there */
export function requireChannelPermission(store: Store, channel: Channel, userId: string, needed: bigint): void {
  const bits = channelPermissions(store, channel, userId)
  if (!(bits & P.ViewChannel)) throw missingAccess()
  if ((bits & needed) !== needed) throw missingPermissions()
}

/**
 * A member may only allow or deny permissions that it holds. MANAGE_ROLES in an overwrite needs an administrator:
 * https://discord.com/developers/docs/resources/guild#create-guild-channel
 * @throws HttpError 50013 for any other overwrite
 */
export function requireOverwritePermission(store: Store, guildId: string, userId: string, overwrites: Overwrite[]): void {
  const held = guildPermissions(store, guildId, userId)
  if (held & P.Administrator) return
  const used = overwrites.reduce((bits, { allow, deny }) => bits | BigInt(allow) | BigInt(deny), 0n)
  if ((used & ~held) !== 0n || (used & P.ManageRoles) !== 0n) throw missingPermissions()
}
