import { serviceLimits } from '../lib/service-limits'
import { windowNameOf } from '../lib/rate-limits/rules'
import type { Service } from '../../shared/schemas/resource'
import { findState } from './queries'
import { emptyState, pruneState } from './state'
import { totalWeight } from './windows'

/** What a rule still allows at this moment. `rule` is its kind and the seconds of its window, `content/60`. */
export interface Remaining { service: Service, rule: string, limit: number, remaining: number }

/** What the limits of all services that have any still allow. */
export async function listRemaining(): Promise<Remaining[]> {
  const services = (Object.keys(serviceLimits) as Service[]).filter(isConfigured)
  return (await Promise.all(services.map(ofService))).flat()
}

async function ofService(service: Service): Promise<Remaining[]> {
  const { limiterId, rules } = serviceLimits[service]
  const state = await findState(limiterId()) ?? emptyState()
  pruneState(state, Date.now())
  return rules().map((rule) => {
    const name = windowNameOf(rule)
    const { used = [], inFlight = [] } = state.windows[name] ?? {}
    const taken = totalWeight(used) + totalWeight(inFlight)
    return { service, rule: name, limit: rule.limit, remaining: Math.max(0, rule.limit - taken) }
  })
}

/** A service without credentials has no limiter. */
function isConfigured(service: Service): boolean {
  try {
    serviceLimits[service].limiterId()
    return true
  }
  catch {
    return false
  }
}
