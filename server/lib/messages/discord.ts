import type { Messages } from './message.ts'

const refused = ({ target, said }: { target: string, said: string }) => `Discord refused ${target}: ${said}`
const kept = (resource: string) => ({ name }: { name: string }) => `Atelier kept the Discord ${resource} "${name}".`
const lookAt = (resource: string) =>
  `Look at the ${resource} on Discord. Delete it there if nobody needs it, and press Retry; otherwise keep it.`
const renamed = (resource: string) => ({ was }: { was: string }) => `The ${resource} was called "${was}", so somebody else uses it now.`
const NO_ROOM = 'Remove what is no longer needed from the server, or use another server; then press Retry.'

/** Discord: the bot, servers, channels, categories and roles. */
export const discord = {
  DISCORD_TOKEN_REFUSED: {
    code: 'PROVIDER_AUTHENTICATION',
    retryable: false,
    message: refused,
    why: 'DISCORD_BOT_TOKEN is wrong or was reset.',
    fix: 'Copy the token of the bot from https://discord.com/developers/applications. '
      + 'Set it as DISCORD_BOT_TOKEN, start Atelier again and press Retry.',
  },
  DISCORD_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The bot lacks a permission in this server, or its role is below the one it manages.',
    fix: 'Give the role of the bot the permissions Manage Channels, Manage Roles and View Channels. '
      + 'Move it to the top of the roles of the server, and press Retry.',
  },
  DISCORD_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: refused,
    why: 'The server, channel or role no longer exists, or the bot is not in the server.',
    fix: 'Add the bot to the server again and press Retry, or create the course again in another server.',
  },
  DISCORD_VALUES_REJECTED: {
    code: 'PROVIDER_REJECTED',
    retryable: false,
    message: refused,
    why: ({ number }: { number: number | string }) => `Discord does not accept these values (code ${number}).`,
    fix: 'Change the values that Discord names, and create the course again.',
  },
  DISCORD_RATE_LIMITED: {
    code: 'RATE_LIMITED',
    retryable: true,
    message: ({ target, seconds }: { target: string, seconds: number }) => `Discord asks to wait ${seconds} s before ${target}.`,
    why: 'Discord limits how often a bot may call.',
    fix: 'Wait: the step continues by itself as soon as the limit allows.',
  },
  ROLES_FULL: {
    code: 'CAPACITY_EXCEEDED',
    retryable: false,
    message: refused,
    why: 'A Discord server holds at most 250 roles.',
    fix: NO_ROOM,
  },
  CHANNELS_FULL: {
    code: 'CAPACITY_EXCEEDED',
    retryable: false,
    message: refused,
    why: 'A Discord server holds at most 500 channels.',
    fix: NO_ROOM,
  },
  CATEGORY_FULL: {
    code: 'CAPACITY_EXCEEDED',
    retryable: false,
    message: refused,
    why: 'A Discord category holds at most 50 channels.',
    fix: NO_ROOM,
  },
  BOT_LEFT_SERVER: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: ({ guildId }: { guildId: string }) => `The bot is not in the Discord server ${guildId}.`,
    why: 'Only a person can add a bot to a server.',
    fix: ({ installUrl }: { installUrl: string }) => `Open ${installUrl}, add the bot, and press Retry.`,
  },
  BOT_LACKS_PERMISSIONS: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: ({ permissions, server }: { permissions: string, server: string }) =>
      `The bot lacks ${permissions} in the Discord server ${server}.`,
    why: 'The bot creates channels and roles, and can grant only permissions that it has itself.',
    fix: ({ installUrl }: { installUrl: string }) =>
      `Open ${installUrl} and confirm the permissions, or give them to the role of the bot; then press Retry.`,
  },
  SERVER_TOO_FULL: {
    code: 'CAPACITY_EXCEEDED',
    retryable: false,
    message: ({ server, existing, wanted, what }: { server: string, existing: number, wanted: number, what: string }) =>
      `The Discord server ${server} has ${existing} ${what}, which leaves no room for ${wanted} more.`,
    why: ({ most, what }: { most: number, what: string }) => `A Discord server holds at most ${most} ${what}.`,
    fix: 'Remove what is no longer needed, or create the course in another server.',
  },
  DISCORD_NAME_TAKEN: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ resource, name }: { resource: string, name: string }) =>
      `The Discord ${resource} "${name}" exists already, and Atelier did not create it for this course.`,
    why: 'It does not carry the marker of this course, so Atelier does not touch it.',
    fix: ({ resource }: { resource: string }) =>
      `Rename or remove that ${resource} on Discord and press Retry, or create the course again under another name.`,
  },
  CHANNEL_MARKER_LOST: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('channel'),
    why: 'The channel no longer carries the marker of this course, so somebody else uses it now.',
    fix: lookAt('channel'),
  },
  CHANNEL_HAS_MESSAGES: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('channel'),
    why: 'People have written in the channel, and deleting it would lose their messages.',
    fix: lookAt('channel'),
  },
  ROLE_HAS_MEMBERS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('role'),
    why: 'Members of the server have the role, and would lose it.',
    fix: lookAt('role'),
  },
  DUPLICATES_LEFT: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ removed, left }: { removed: number, left: string }) =>
      `Discord has channels, categories or roles of courses twice. Atelier removed ${removed}, and left: ${left}.`,
    why: 'A server that was frozen repeated a call that another one had made, or a person made a copy. People may use it.',
    fix: 'Compare them on Discord, and delete there what nobody needs.',
  },
  CATEGORY_RENAMED: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('category'),
    why: renamed('category'),
    fix: lookAt('category'),
  },
  CATEGORY_NOT_EMPTY: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('category'),
    why: 'The category still contains channels.',
    fix: lookAt('category'),
  },
  ROLE_RENAMED: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('role'),
    why: renamed('role'),
    fix: lookAt('role'),
  },
  ROLE_HAS_CHANNEL: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: kept('role'),
    why: 'The channel of this role still exists, and nobody could see it without the role.',
    fix: lookAt('role'),
  },
} as const satisfies Messages
