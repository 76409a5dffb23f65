import { discordLimiterId, discordRules } from './discord/limits'
import { figmaLimiterId, figmaRules } from './figma/limits'
import { githubLimiterId, githubRules } from './github/limits'
import { huggingfaceLimiterId, huggingfaceRules } from './huggingface/limits'
import { kvLimiterId, kvRules } from './kv/limits'
import { sandboxLimiterId, sandboxRules } from './sandbox/limits'
import type { Rule } from './rate-limits/rules'
import type { Service } from '../../shared/schemas/resource'

/** The rate limits of one service, for the credential that is configured. */
export interface ServiceLimits { limiterId: () => string, rules: () => Rule[] }

/** The rate limits of each service. The engine reads them here and so imports no service's folder. */
export const serviceLimits: Record<Service, ServiceLimits> = {
  GITHUB: { limiterId: githubLimiterId, rules: githubRules },
  DISCORD: { limiterId: discordLimiterId, rules: discordRules },
  HUGGINGFACE: { limiterId: huggingfaceLimiterId, rules: huggingfaceRules },
  FIGMA: { limiterId: figmaLimiterId, rules: figmaRules },
  KV: { limiterId: kvLimiterId, rules: kvRules },
  SANDBOX: { limiterId: sandboxLimiterId, rules: sandboxRules },
}
