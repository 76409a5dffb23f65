import type { AcquireRequest } from '../../../../server/rate-limits/capacity.ts'
import { type AcquireResult, type Permit, release, tryAcquire } from '../../../../server/rate-limits/permits.ts'
import type { RateLimitState } from '../../../../server/rate-limits/state.ts'
import type { Rule } from '../../../../server/lib/rate-limits/rules.ts'

export const rule = (kind: string, limit: number, windowMs: number): Rule => ({ kind, limit, windowMs })

/** A request for one call. */
export const request = (
  key: string,
  rules: Rule[],
  weights: Record<string, number>,
  more: Partial<AcquireRequest> = {},
): AcquireRequest => ({ key, rules, weights, calls: 1, maxDurationMs: 20_000, ...more })

/** The permit of a request that must be granted. */
export function acquire(state: RateLimitState, wanted: AcquireRequest, now: number): Permit {
  const result = tryAcquire(state, wanted, now)
  if (!result.granted) throw new Error(`The request ${wanted.key} was not granted.`)
  return result.permit
}

/** Makes a call that is answered at once, if it is granted. */
export function attempt(state: RateLimitState, wanted: AcquireRequest, now: number): AcquireResult {
  const result = tryAcquire(state, wanted, now)
  if (result.granted) release(state, result.permit, [], now)
  return result
}

/** As `attempt`; `granted`, or when to return. */
export function call(state: RateLimitState, wanted: AcquireRequest, now: number): number | 'granted' {
  const result = attempt(state, wanted, now)
  return result.granted ? 'granted' : result.retryAt
}
