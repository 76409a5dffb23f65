import { rateLimiterId } from '../rate-limits/credential'
import { readRules, type Rule } from '../rate-limits/rules'
import { figmaConfig, limitsOf } from '../env'
import type { RateLimitCost } from '../rate-limits/rate-limited'

/** The limits in force. Figma's depend on the plan and the seat, https://developers.figma.com/docs/rest-api/rate-limits: none is assumed. */
export const figmaRules = (): Rule[] => readRules(limitsOf('FIGMA') ?? 'none', 'FIGMA_LIMITS')

/** The id of the token's budget. */
export const figmaBudget = () => rateLimiterId('FIGMA', figmaConfig().apiUrl, figmaConfig().token)

/** What one call costs. */
export const costOf = (action: string): RateLimitCost =>
  ({ service: 'FIGMA', budget: figmaBudget(), rules: figmaRules(), action, weights: { requests: 1 }, calls: 1 })
