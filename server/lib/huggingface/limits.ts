import { huggingfaceConfig, limitsOf } from '../env'
import { type RateLimitCost, rateLimiterId } from '../rate-limits/cost'
import { readRules, type Rule } from '../rate-limits/rules'

/** The limits of a free account: https://huggingface.co/docs/hub/rate-limits. Every answer states what remains. */
const PUBLISHED = 'requests=1000/300'
const LIMITED_HOST = 'huggingface.co'

/** The rules in force. */
export function huggingfaceRules(): Rule[] {
  const byDefault = new URL(huggingfaceConfig().apiUrl).host === LIMITED_HOST ? PUBLISHED : 'none'
  return readRules(limitsOf('HUGGINGFACE') ?? byDefault)
}

/** The id of the token's rate limiter. */
export const huggingfaceLimiterId = () => rateLimiterId('HUGGINGFACE', huggingfaceConfig().apiUrl, huggingfaceConfig().token)

/** What one call costs. */
export const costOf = (action: string): RateLimitCost =>
  ({ service: 'HUGGINGFACE', limiterId: huggingfaceLimiterId(), rules: huggingfaceRules(), action, weights: { requests: 1 }, calls: 1 })
