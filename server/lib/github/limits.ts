import { githubConfig, limitsOf } from '../env'
import { type RateLimitCost, rateLimiterId } from '../rate-limits/cost'
import type { RateLimitFeedback } from '../rate-limits/feedback'
import { readRules, type Rule } from '../rate-limits/rules'

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
const PUBLISHED = 'content=80/60,500/3600 points=900/60 concurrent=100'
/** GitHub itself, and GitHub Enterprise Cloud with data residency. GitHub Enterprise Server has no limits by default. */
const LIMITED_HOST = /^api\.(github\.com|[\w-]+\.ghe\.com)$/

/** The rules in force. */
export function githubRules(): Rule[] {
  const byDefault = LIMITED_HOST.test(new URL(githubConfig().apiUrl).host) ? PUBLISHED : 'none'
  return readRules(limitsOf('GITHUB') ?? byDefault)
}

/** The id of the token's rate limiter. */
export const githubLimiterId = () => rateLimiterId('GITHUB', githubConfig().apiUrl, githubConfig().token)

/**
 * What calls cost that are acquired together. A read costs one point, a write five. GitHub does not say which
 * writes generate content, so every POST counts.
 * @param concurrent how many of them are in flight at the same time
 */
export function costOf(action: string, methods: string[], concurrent = 1): RateLimitCost {
  return {
    service: 'GITHUB',
    limiterId: githubLimiterId(),
    rules: githubRules(),
    action,
    weights: {
      content: methods.filter(method => method === 'POST').length,
      points: methods.reduce((sum, method) => sum + (['GET', 'HEAD'].includes(method) ? 1 : 5), 0),
      concurrent,
    },
    calls: methods.length,
  }
}

type Headers = Record<string, string | number | undefined>

/**
 * What the headers of an answer say about the limits.
 * @param waitMs how long a refusal asks to wait
 */
export function feedbackOf(headers: Headers, waitMs?: number): RateLimitFeedback {
  const [remaining, reset] = [headers['x-ratelimit-remaining'], headers['x-ratelimit-reset']]
    .map(value => value === undefined ? Number.NaN : Number(value))
  return {
    // The quota already tells that the hour's limit is used up. Any other refusal blocks the whole service.
    block: waitMs !== undefined && remaining !== 0 ? { ms: waitMs, scope: 'all' } : undefined,
    quota: Number.isFinite(remaining) && Number.isFinite(reset) ? { remaining: remaining!, resetsAt: reset! * 1000 } : undefined,
  }
}
