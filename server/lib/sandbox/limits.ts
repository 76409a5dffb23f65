import { limitsOf, sandboxConfig } from '../env'
import { type RateLimitCost, rateLimiterId } from '../rate-limits/cost'
import { readRules, type Rule } from '../rate-limits/rules'

/** The rules in force. Vercel's limits depend on the plan, so none is assumed: https://vercel.com/docs/vercel-sandbox/pricing */
export const sandboxRules = (): Rule[] => readRules(limitsOf('SANDBOX') ?? 'none')

/** The id of the token's rate limiter. */
export const sandboxLimiterId = () => rateLimiterId('SANDBOX', sandboxConfig().apiUrl, sandboxConfig().token)

/** What one call costs. */
export const costOf = (action: string): RateLimitCost =>
  ({ service: 'SANDBOX', limiterId: sandboxLimiterId(), rules: sandboxRules(), action, weights: { requests: 1 }, calls: 1 })
