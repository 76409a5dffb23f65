import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { z } from 'zod'
import { DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_OWNER_ID } from '../defaults.ts'
import { CHANNEL_TYPES } from './channel-rules.ts'
import { addBot, createGuild, insertRole, join, leave, newChannel, newRole } from './guilds.ts'
import { BOT_PERMISSIONS } from './permissions.ts'
import { isSnowflake, snowflake } from './snowflake.ts'
import type { Settings, Store } from './store.ts'

const id = z.string().refine(isSnowflake, 'is not a snowflake')
const flag = z.enum(Object.keys(PermissionFlagsBits) as [keyof typeof PermissionFlagsBits])
/** Digits, or the names that discord-api-types gives the bits. */
const permissions = z.union([
  z.string().regex(/^\d+$/).transform(BigInt),
  z.array(flag).transform(names => names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n)),
])
const overwrite = z.strictObject({
  id,
  type: z.union([z.literal(0), z.literal(1)]),
  allow: z.string().default('0'),
  deny: z.string().default('0'),
})

/** The body of `PUT /__emulator/settings`. All fields are optional. */
const settingsSchema = z.strictObject({
  /** The valid bot tokens from now on. An empty list revokes all. */
  tokens: z.array(z.string().min(1)).optional(),
  /** The permissions of the bot's managed role in a guild. A guild without the bot gets it. */
  bot: z.strictObject({ guildId: id.default(DISCORD_GUILD_ID), permissions }).optional(),
  /** Guilds that remove the bot. */
  kick: z.array(id).default([]),
  /** Resources that other users create. */
  seed: z.strictObject({
    guilds: z.array(z.strictObject({ id: id.optional(), name: z.string(), bot: z.boolean().default(false) })).default([]),
    roles: z.array(z.strictObject({
      guildId: id.default(DISCORD_GUILD_ID),
      name: z.string(),
      permissions: permissions.optional(),
      /** True places it above all other roles, so that the bot may not change it. */
      top: z.boolean().default(false),
    })).default([]),
    channels: z.array(z.strictObject({
      guildId: id.default(DISCORD_GUILD_ID),
      name: z.string(),
      type: z.literal(CHANNEL_TYPES).default(ChannelType.GuildText),
      parentId: id.nullable().default(null),
      topic: z.string().nullable().default(null),
      overwrites: z.array(overwrite).default([]),
    })).default([]),
    members: z.array(z.strictObject({ guildId: id.default(DISCORD_GUILD_ID), username: z.string(), userId: id.optional() })).default([]),
  }).optional(),
})

type Seed = NonNullable<z.infer<typeof settingsSchema>['seed']>

/** Ids of the seeded resources, in the order of the request. */
export interface Seeded {
  guilds: string[]
  roles: string[]
  channels: string[]
  members: string[]
}

/** Applies `PUT /__emulator/settings`. @returns the settings in force, and ids of the seeded resources */
export function applySettings(store: Store, body: unknown): Settings & { seeded: Seeded } {
  const change = settingsSchema.parse(body)
  return store.transaction(() => {
    if (change.tokens) store.settings = { tokens: change.tokens }
    if (change.bot) addBot(store, change.bot.guildId, change.bot.permissions)
    for (const guildId of change.kick) leave(store, guildId, DISCORD_CLIENT_ID)
    return { ...store.settings, seeded: seed(store, change.seed) }
  })
}

function seed(store: Store, plan: Seed | undefined): Seeded {
  return {
    guilds: (plan?.guilds ?? []).map(({ id = snowflake(), name, bot }) => {
      createGuild(store, { id, name, ownerId: DISCORD_OWNER_ID })
      if (bot) addBot(store, id, BOT_PERMISSIONS)
      return id
    }),
    roles: (plan?.roles ?? []).map(({ guildId, name, permissions = 0n, top }) => {
      const role = insertRole(store, newRole({ id: snowflake(), guild_id: guildId, name, permissions: String(permissions) }))
      if (top) store.roles.set(role.id, { ...role, position: store.rolesOf(guildId).length + 1 })
      return role.id
    }),
    channels: (plan?.channels ?? []).map(({ guildId, name, type, parentId, topic, overwrites }) => {
      const id = snowflake()
      store.channels.set(id, newChannel({
        id,
        guild_id: guildId,
        name,
        type,
        parent_id: parentId,
        topic,
        permission_overwrites: overwrites,
        position: store.channelsOf(guildId).length,
      }))
      return id
    }),
    members: (plan?.members ?? []).map(({ guildId, username, userId = snowflake() }) => {
      store.users.set(userId, { id: userId, username, bot: false })
      join(store, guildId, userId)
      return userId
    }),
  }
}
