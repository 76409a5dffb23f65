import { figmaConfig, limitsOf } from '../env'
import { type RateLimitCost, rateLimiterId } from '../rate-limits/cost'
import { readRules, type Rule } from '../rate-limits/rules'

/**
 * The rules in force. Figma's limits depend on the plan and the seat, so none is assumed:
 * https://developers.figma.com/docs/rest-api/rate-limits
 */
export const figmaRules = (): Rule[] => readRules(limitsOf('FIGMA') ?? 'none')

/** The id of the token's rate limiter. */
export const figmaLimiterId = () => rateLimiterId('FIGMA', figmaConfig().apiUrl, figmaConfig().token)

/** What one call costs. */
export const costOf = (action: string): RateLimitCost =>
  ({ service: 'FIGMA', limiterId: figmaLimiterId(), rules: figmaRules(), action, weights: { requests: 1 }, calls: 1 })
