import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { z } from 'zod'
import { DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_OWNER_ID } from '../defaults.ts'
import { CHANNEL_TYPES } from './channel-rules.ts'
import { addBot, botRole, createGuild, insertRole, join, leave, newChannel, newRole } from './guilds.ts'
import { BOT_PERMISSIONS } from './permissions.ts'
import { channelBody } from './present/channel.ts'
import { roleBody } from './present/guild.ts'
import { isSnowflake, snowflake } from './snowflake.ts'
import type { Settings, State } from './state.ts'

const id = z.string().refine(isSnowflake, 'is not a snowflake')
const flag = z.enum(Object.keys(PermissionFlagsBits) as [keyof typeof PermissionFlagsBits])
/** Digits, or the names that discord-api-types gives the bits. */
const permissions = z.union([z.string().regex(/^\d+$/).transform(BigInt), z.array(flag).transform(names => names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n))])
const overwrite = z.strictObject({ id, type: z.union([z.literal(0), z.literal(1)]), allow: z.string().default('0'), deny: z.string().default('0') })

/** What `PUT /__emulator/settings` takes; everything is optional. */
const settingsSchema = z.strictObject({
  /** The bot tokens that are good from now on; an empty list revokes all. */
  tokens: z.array(z.string().min(1)).optional(),
  /** What the managed role of the bot holds in a guild; the bot is added where it is not yet. */
  bot: z.strictObject({ guildId: id.default(DISCORD_GUILD_ID), permissions }).optional(),
  /** Guilds that the bot is removed from. */
  kick: z.array(id).default([]),
  /** Things that other people made. */
  seed: z.strictObject({
    guilds: z.array(z.strictObject({ id: id.optional(), name: z.string(), bot: z.boolean().default(false) })).default([]),
    roles: z.array(z.strictObject({
      guildId: id.default(DISCORD_GUILD_ID), name: z.string(), permissions: permissions.optional(),
      /** True puts it above all others, so that the bot may not touch it. */
      top: z.boolean().default(false),
    })).default([]),
    channels: z.array(z.strictObject({
      guildId: id.default(DISCORD_GUILD_ID), name: z.string(), type: z.literal(CHANNEL_TYPES).default(ChannelType.GuildText),
      parentId: id.nullable().default(null), topic: z.string().nullable().default(null), overwrites: z.array(overwrite).default([]),
    })).default([]),
    members: z.array(z.strictObject({ guildId: id.default(DISCORD_GUILD_ID), username: z.string(), userId: id.optional() })).default([]),
  }).optional(),
})

type Seed = NonNullable<z.infer<typeof settingsSchema>['seed']>

/** Ids of what was seeded, in the order of the request. */
export interface Seeded {
  guilds: string[]
  roles: string[]
  channels: string[]
  members: string[]
}

/** Applies `PUT /__emulator/settings` and returns the settings in force with the ids of what was seeded. */
export function applySettings(state: State, body: unknown): Settings & { seeded: Seeded } {
  const change = settingsSchema.parse(body)
  return state.together(() => {
    if (change.tokens) state.settings = { tokens: change.tokens }
    if (change.bot) addBot(state, change.bot.guildId, change.bot.permissions)
    for (const guildId of change.kick) leave(state, guildId, DISCORD_CLIENT_ID)
    return { ...state.settings, seeded: seed(state, change.seed) }
  })
}

function seed(state: State, plan: Seed | undefined): Seeded {
  return {
    guilds: (plan?.guilds ?? []).map(({ id = snowflake(), name, bot }) => {
      createGuild(state, { id, name, ownerId: DISCORD_OWNER_ID })
      if (bot) addBot(state, id, BOT_PERMISSIONS)
      return id
    }),
    roles: (plan?.roles ?? []).map(({ guildId, name, permissions = 0n, top }) => {
      const role = insertRole(state, newRole({ id: snowflake(), guild_id: guildId, name, permissions: String(permissions) }))
      if (top) state.roles.set(role.id, { ...role, position: state.rolesOf(guildId).length + 1 })
      return role.id
    }),
    channels: (plan?.channels ?? []).map(({ guildId, name, type, parentId, topic, overwrites }) => {
      const id = snowflake()
      state.channels.set(id, newChannel({
        id, guild_id: guildId, name, type, parent_id: parentId, topic, permission_overwrites: overwrites, position: state.channelsOf(guildId).length,
      }))
      return id
    }),
    members: (plan?.members ?? []).map(({ guildId, username, userId = snowflake() }) => {
      state.users.set(userId, { id: userId, username, bot: false })
      join(state, guildId, userId)
      return userId
    }),
  }
}

/** Everything that was made, complete enough to count it. */
export function stateOf(state: State) {
  return {
    guilds: state.guilds.list().map(guild => ({
      id: guild.id,
      name: guild.name,
      owner_id: guild.owner_id,
      bot: state.member(guild.id, DISCORD_CLIENT_ID) === undefined ? null : { permissions: botRole(state, guild.id)?.permissions ?? '0' },
      roles: state.rolesOf(guild.id).map(roleBody),
      channels: state.channelsOf(guild.id).map(channelBody),
      members: state.members.list(member => member.guild_id === guild.id)
        .map(({ user_id, nick, roles }) => ({ user_id, username: state.users.get(user_id)?.username ?? '', nick, roles })),
      invites: state.invites.list(invite => invite.guild_id === guild.id),
      messages: state.messages.list(message => state.channels.get(message.channel_id)?.guild_id === guild.id),
    })),
  }
}

export type DiscordState = ReturnType<typeof stateOf>
