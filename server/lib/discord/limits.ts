import { discordConfig, limitsOf } from '../env'
import { type RateLimitCost, rateLimiterId } from '../rate-limits/cost'
import type { RateLimitFeedback } from '../rate-limits/feedback'
import { readRules, type Rule } from '../rate-limits/rules'

/**
 * https://discord.com/developers/docs/topics/rate-limits: 50 calls a second. 10,000 refused calls in ten minutes
 * lead to a ban, so Atelier stops at a tenth of them. Only the answers state the limit of a route.
 */
const PUBLISHED = 'global=50/1 invalid=1000/600'
const LIMITED_HOST = /^([\w-]+\.)?discord\.com$/

/** The rules in force. */
export function discordRules(): Rule[] {
  const byDefault = LIMITED_HOST.test(new URL(discordConfig().apiUrl).host) ? PUBLISHED : 'none'
  return readRules(limitsOf('DISCORD') ?? byDefault)
}

/** The id of the bot's rate limiter. */
export const discordLimiterId = () => rateLimiterId('DISCORD', discordConfig().apiUrl, discordConfig().token)

/** What one call costs. Each server, channel and webhook has its own limit on a route. */
export function costOf(action: string, method: string, path: string): RateLimitCost {
  const [, majorParameter = ''] = /^\/(?:guilds|channels|webhooks)\/(\d+)/.exec(path) ?? []
  return {
    service: 'DISCORD',
    limiterId: discordLimiterId(),
    rules: discordRules(),
    action,
    weights: { global: 1, invalid: 1 },
    calls: 1,
    route: { name: `${method} ${path.replace(/\d{17,20}/g, ':id')}`, majorParameter },
  }
}

interface Answer {
  status: number
  /** Reads one header; null when it is absent. */
  header: (name: string) => string | null
}

/** What an answer says about the limits; `undefined` when there was no answer. */
export function feedbackOf(answer: Answer | undefined): RateLimitFeedback {
  return {
    refunds: answer && countsTowardsBan(answer) ? [] : ['invalid'],
    ...answer && { bucket: bucketOf(answer), block: blockOf(answer) },
  }
}

const countsTowardsBan = ({ status, header }: Answer) =>
  [401, 403, 429].includes(status) && header('x-ratelimit-scope') !== 'shared'

function bucketOf({ status, header }: Answer): RateLimitFeedback['bucket'] {
  const id = header('x-ratelimit-bucket')
  if (!id) return status < 400 ? null : undefined
  return {
    id,
    limit: Number(header('x-ratelimit-limit')),
    remaining: Number(header('x-ratelimit-remaining')),
    resetsInMs: Number(header('x-ratelimit-reset-after')) * 1000,
  }
}

function blockOf({ status, header }: Answer): RateLimitFeedback['block'] {
  if (status === 429) {
    const isGlobal = header('x-ratelimit-scope') === 'global' || header('x-ratelimit-global')
    return { ms: Number(header('retry-after') ?? 1) * 1000, scope: isGlobal ? 'all' : 'route' }
  }
  const isUsedUp = header('x-ratelimit-bucket') && Number(header('x-ratelimit-remaining')) === 0
  return isUsedUp ? { ms: Number(header('x-ratelimit-reset-after')) * 1000, scope: 'route' } : undefined
}
