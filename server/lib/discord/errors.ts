import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest'
import { ProviderError, providerError } from '../errors'

/** Discord's codes for missing rights and resources, https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const MISSING_ACCESS = 50001
const MISSING_PERMISSIONS = 50013
const FORBIDDEN = [MISSING_ACCESS, MISSING_PERMISSIONS]
const UNKNOWN_CHANNEL = 10003
const UNKNOWN_ROLE = 10011
const FULL: Record<number, 'ROLES_FULL' | 'CHANNELS_FULL'> = { 30005: 'ROLES_FULL', 30013: 'CHANNELS_FULL' }

const AT_DISCORD = { service: 'Discord', statusPage: 'https://discordstatus.com', variable: 'DISCORD_API_URL' }

/** Turns what discord.js throws into what happened, why and what to do. */
export function toProviderError(error: unknown, target: string): ProviderError {
  if (error instanceof RateLimitError) {
    const { retryAfter } = error
    return providerError('DISCORD_RATE_LIMITED', { target, seconds: Math.ceil(retryAfter / 1000) }, { cause: error, retryAfter })
  }
  if (error instanceof DiscordAPIError && error.status < 500) return refused(error, target)
  const call = { ...AT_DISCORD, target, said: error instanceof Error ? error.message : String(error) }
  const isAnswer = error instanceof HTTPError || error instanceof DiscordAPIError
  return isAnswer
    ? providerError('SERVICE_DOWN', { ...call, status: error.status }, { cause: error })
    : providerError('SERVICE_UNREACHABLE', call, { cause: error })
}

/** Whether Discord answered that a channel or role does not exist. A missing server does not count. */
export const isUnknown = (error: unknown): boolean =>
  error instanceof ProviderError && error.cause instanceof DiscordAPIError
  && [UNKNOWN_CHANNEL, UNKNOWN_ROLE].includes(Number(error.cause.code))

function refused(error: DiscordAPIError, target: string): ProviderError {
  const call = { target, said: error.message }
  const code = Number(error.code)
  if (error.status === 401) return providerError('DISCORD_TOKEN_REFUSED', call, { cause: error })
  if (error.status === 403 || FORBIDDEN.includes(code)) return providerError('DISCORD_FORBIDDEN', call, { cause: error })
  const full = FULL[code] ?? (JSON.stringify(error.rawError).includes('CHANNEL_PARENT_MAX_CHANNELS') ? 'CATEGORY_FULL' : undefined)
  if (full) return providerError(full, call, { cause: error })
  if (error.status === 404) return providerError('DISCORD_NOT_FOUND', call, { cause: error })
  return providerError('DISCORD_VALUES_REJECTED', { ...call, number: error.code }, { cause: error })
}
