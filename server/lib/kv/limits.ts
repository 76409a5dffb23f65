import { kvConfig, limitsOf } from '../env'
import { type RateLimitCost, rateLimiterId } from '../rate-limits/cost'
import { readRules, type Rule } from '../rate-limits/rules'

/** The rules in force. Upstash's limits depend on the plan, so none is assumed: https://upstash.com/docs/redis/overall/pricing */
export const kvRules = (): Rule[] => readRules(limitsOf('KV') ?? 'none')

/** The id of the token's rate limiter. */
export const kvLimiterId = () => rateLimiterId('KV', kvConfig().apiUrl, kvConfig().token)

/** What one call costs. */
export const costOf = (action: string): RateLimitCost =>
  ({ service: 'KV', limiterId: kvLimiterId(), rules: kvRules(), action, weights: { requests: 1 }, calls: 1 })
