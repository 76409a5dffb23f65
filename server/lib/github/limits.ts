import { githubConfig, limitsOf } from '../env'
import { rateLimiterId } from '../rate-limits/credential'
import type { News } from '../../rate-limits/state'
import { readRules, type Rule } from '../rate-limits/rules'
import type { RateLimitCost } from '../rate-limits/rate-limited'

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
export const PUBLISHED = 'content=80/60,500/3600 points=900/60 concurrent=100'
/** GitHub itself, and its clouds with a residence of their own. An Enterprise server has no limits by default. */
const LIMITED_HOST = /^api\.(github\.com|[\w-]+\.ghe\.com)$/

/** The limits in force. */
export function githubRules(): Rule[] {
  const here = LIMITED_HOST.test(new URL(githubConfig().apiUrl).host) ? PUBLISHED : 'none'
  return readRules(limitsOf('GITHUB') ?? here, 'GITHUB_LIMITS')
}

/** The id of the token's budget. */
export const githubBudget = () => rateLimiterId('GITHUB', githubConfig().apiUrl, githubConfig().token)

/**
 * What some calls cost that are made in one go: a read one point, a write five. Which writes generate content
 * GitHub does not say; every POST is taken for one.
 * @param atOnce how many of them are out at the same time
 */
export function costOf(action: string, methods: string[], atOnce = 1): RateLimitCost {
  return {
    service: 'GITHUB',
    budget: githubBudget(),
    rules: githubRules(),
    action,
    weights: {
      content: methods.filter(method => method === 'POST').length,
      points: methods.reduce((sum, method) => sum + (['GET', 'HEAD'].includes(method) ? 1 : 5), 0),
      concurrent: atOnce,
    },
    calls: methods.length,
  }
}

type Headers = Record<string, string | number | undefined>

/**
 * What the headers of an answer say of the limits.
 * @param waitMs how long a refusal asks to wait
 */
export function newsOf(headers: Headers, waitMs?: number): News {
  const [left, reset] = [headers['x-ratelimit-remaining'], headers['x-ratelimit-reset']].map(value => value === undefined ? Number.NaN : Number(value))
  return {
    // The hour's own limit is told by its quota; any other closes everything for a while.
    closedForMs: waitMs !== undefined && left !== 0 ? { ms: waitMs, scope: 'all' } : undefined,
    quota: Number.isFinite(left) && Number.isFinite(reset) ? { left: left!, resetsAt: reset! * 1000 } : undefined,
  }
}
