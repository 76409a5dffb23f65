import { budgetOf } from '../budget/credential'
import { readRules, type Rule } from '../budget/rules'
import { figmaConfig, limitsOf } from '../env'
import type { Toll } from '../gate'

/** The limits in force. Figma's depend on the plan and the seat, https://developers.figma.com/docs/rest-api/rate-limits: none is assumed. */
export const figmaRules = (): Rule[] => readRules(limitsOf('FIGMA') ?? 'none', 'FIGMA_LIMITS')

/** The id of the token's budget. */
export const figmaBudget = () => budgetOf('FIGMA', figmaConfig().apiUrl, figmaConfig().token)

/** What one call costs. */
export const tollOf = (action: string): Toll =>
  ({ service: 'FIGMA', budget: figmaBudget(), rules: figmaRules(), action, weights: { requests: 1 }, calls: 1 })
