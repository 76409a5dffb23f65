import { rateLimiterId } from '../rate-limits/credential'
import { readRules, type Rule } from '../rate-limits/rules'
import { huggingfaceConfig, limitsOf } from '../env'
import type { RateLimitCost } from '../rate-limits/rate-limited'

/** Of a free account: https://huggingface.co/docs/hub/rate-limits. What is left of it is told by every answer. */
export const PUBLISHED = 'requests=1000/300'
const LIMITED_HOST = 'huggingface.co'

/** The limits in force. */
export function huggingfaceRules(): Rule[] {
  const here = new URL(huggingfaceConfig().apiUrl).host === LIMITED_HOST ? PUBLISHED : 'none'
  return readRules(limitsOf('HUGGINGFACE') ?? here, 'HF_LIMITS')
}

/** The id of the token's budget. */
export const huggingfaceBudget = () => rateLimiterId('HUGGINGFACE', huggingfaceConfig().apiUrl, huggingfaceConfig().token)

/** What one call costs. */
export const costOf = (action: string): RateLimitCost =>
  ({ service: 'HUGGINGFACE', budget: huggingfaceBudget(), rules: huggingfaceRules(), action, weights: { requests: 1 }, calls: 1 })
