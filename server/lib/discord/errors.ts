import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest'
import { ProviderError } from '../errors'

/** Discord's numbers for what is missing, https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const MISSING_ACCESS = 50001
const MISSING_PERMISSIONS = 50013
const UNKNOWN_CHANNEL = 10003
const UNKNOWN_ROLE = 10011
const CAPS: Record<number, string> = {
  30005: 'A Discord server holds at most 250 roles.',
  30013: 'A Discord server holds at most 500 channels.',
}

/** Turns what discord.js throws into what happened, why and how to mend it. */
export function toProviderError(error: unknown, target: string): ProviderError {
  if (error instanceof RateLimitError) return new ProviderError({
    code: 'RATE_LIMITED',
    message: `Discord asks to wait ${Math.ceil(error.retryAfter / 1000)} s before ${target}.`,
    why: 'Discord limits how often a bot may call.',
    fix: 'Nothing: it goes on by itself when the limit allows.',
    retryable: true,
    retryAfter: error.retryAfter,
    cause: error,
  })
  if (error instanceof DiscordAPIError && error.status < 500) return refused(error, target)
  const status = error instanceof HTTPError || error instanceof DiscordAPIError ? ` (${error.status})` : ''
  return new ProviderError({
    code: 'PROVIDER_UNAVAILABLE',
    message: `Discord did not answer ${target}${status}: ${error instanceof Error ? error.message : String(error)}`,
    why: 'Discord has a problem of its own, the connection broke, or the answer took too long.',
    fix: 'Nothing at first: it is tried again. If it stays, look at https://discordstatus.com and at DISCORD_API_URL, then press Retry.',
    retryable: true,
    cause: error,
  })
}

/** Whether Discord said that a channel or role is not there; that the server is not is another matter. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof ProviderError && error.cause instanceof DiscordAPIError && [UNKNOWN_CHANNEL, UNKNOWN_ROLE].includes(Number(error.cause.code))

function refused(error: DiscordAPIError, target: string): ProviderError {
  const details = { message: `Discord refused ${target}: ${error.message}`, retryable: false, cause: error }
  const code = Number(error.code)
  if (error.status === 401) return new ProviderError({
    ...details,
    code: 'PROVIDER_AUTHENTICATION',
    why: 'DISCORD_BOT_TOKEN is wrong or was reset.',
    fix: 'Copy the bot\'s token anew at https://discord.com/developers/applications, set DISCORD_BOT_TOKEN, start again and press Retry.',
  })
  if (code === MISSING_PERMISSIONS || code === MISSING_ACCESS || error.status === 403) return new ProviderError({
    ...details,
    code: 'PROVIDER_FORBIDDEN',
    why: 'The bot lacks a permission in this server, or its role stands below the one it should manage.',
    fix: 'Give the bot\'s role Manage Channels, Manage Roles and View Channels, move it to the top of the server\'s roles, and press Retry.',
  })
  const cap = CAPS[code] ?? (JSON.stringify(error.rawError).includes('CHANNEL_PARENT_MAX_CHANNELS') ? 'A Discord category holds at most 50 channels.' : undefined)
  if (cap) return new ProviderError({
    ...details,
    code: 'CAPACITY_EXCEEDED',
    why: cap,
    fix: 'Remove what is no longer needed from the server, or use another server, and press Retry.',
  })
  if (error.status === 404) return new ProviderError({
    ...details,
    code: 'PARENT_NOT_FOUND',
    why: 'The server, channel or role is not there any more, or the bot is not in the server.',
    fix: 'Add the bot to the server again, or create the course in another one, and press Retry.',
  })
  return new ProviderError({
    ...details,
    code: 'PROVIDER_REJECTED',
    why: `Discord does not accept these values (code ${error.code}).`,
    fix: 'Change the values that Discord names and create the course again.',
  })
}
