import { discordConfig, limitsOf } from '../env'
import type { News } from '../../rate-limits/state'
import { rateLimiterId } from '../rate-limits/credential'
import { readRules, type Rule } from '../rate-limits/rules'
import type { RateLimitCost } from '../rate-limits/rate-limited'

/**
 * https://discord.com/developers/docs/topics/rate-limits: fifty calls a second, and 10,000 refused ones in ten
 * minutes earn a ban; we stop at a tenth of them. What a route takes is told by its answers alone.
 */
export const PUBLISHED = 'global=50/1 invalid=1000/600'
const LIMITED_HOST = /^([\w-]+\.)?discord\.com$/

/** The limits in force. */
export function discordRules(): Rule[] {
  const here = LIMITED_HOST.test(new URL(discordConfig().apiUrl).host) ? PUBLISHED : 'none'
  return readRules(limitsOf('DISCORD') ?? here, 'DISCORD_LIMITS')
}

/** The id of the bot's budget. */
export const discordBudget = () => rateLimiterId('DISCORD', discordConfig().apiUrl, discordConfig().token)

/** What one call costs. Each server, channel and webhook has limits of its own on a route. */
export function costOf(action: string, method: string, path: string): RateLimitCost {
  const [, of = ''] = /^\/(?:guilds|channels|webhooks)\/(\d+)/.exec(path) ?? []
  return {
    service: 'DISCORD',
    budget: discordBudget(),
    rules: discordRules(),
    action,
    weights: { global: 1, invalid: 1 },
    calls: 1,
    route: { name: `${method} ${path.replace(/\d{17,20}/g, ':id')}`, of },
  }
}

/** What counts towards a ban, unless the limit is shared with others. */
const REFUSED = [401, 403, 429]

/**
 * What an answer says of the limits; `undefined` when there was none.
 * @param header reads one header, null when it is absent
 */
export function newsOf(answer: { status: number, header: (name: string) => string | null } | undefined): News {
  if (!answer) return { returns: ['invalid'] }
  const { status, header } = answer
  const counts = REFUSED.includes(status) && header('x-ratelimit-scope') !== 'shared'
  const id = header('x-ratelimit-bucket')
  const resetsInMs = Number(header('x-ratelimit-reset-after')) * 1000
  const left = Number(header('x-ratelimit-remaining'))
  return {
    returns: counts ? [] : ['invalid'],
    bucket: id ? { id, limit: Number(header('x-ratelimit-limit')), left, resetsInMs } : status < 400 ? null : undefined,
    closedForMs: status === 429
      ? { ms: Number(header('retry-after') ?? 1) * 1000, scope: header('x-ratelimit-scope') === 'global' || header('x-ratelimit-global') ? 'all' : 'route' }
      : id && left === 0 ? { ms: resetsInMs, scope: 'route' } : undefined,
  }
}
