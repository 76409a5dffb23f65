import type { Route } from '../lib/rate-limits/cost'
import type { RateLimitFeedback } from '../lib/rate-limits/feedback'
import type { Rule } from '../lib/rate-limits/rules'
import { type AcquireRequest, type Capacity, type Charge, chargesOf, earliestCapacity, UNKNOWN } from './capacity'
import { applyFeedback } from './feedback'
import { pruneState, type RateLimitState, windowOf } from './state'
import { addAnswered, addInFlight, answerCallsOf, removeInFlight } from './windows'

/** A charge whose calls may be in flight; `until` names its entry in the window. */
type GrantedCharge = Pick<Charge, 'window' | 'kind' | 'windowMs' | 'weight'> & { until: number }

/** The permission to make the calls of one request. It is released with their answers. */
export interface Permit { charges: GrantedCharge[], route?: Route }

/** A permit, or the time at which the caller returns and the rule that it waits for. */
export type AcquireResult = { granted: true, permit: Permit } | { granted: false, retryAt: number, rule?: Rule }

/** Further waiters get no reservation: they only learn when to return. */
const MAX_RESERVATIONS = 500
/** A first call on an unknown route holds nobody up for longer, even without an answer. */
const MAX_UNKNOWN_MS = 1_000

/**
 * Grants a request, or reserves capacity for it and tells when to return. Requests are served in the order in
 * which they came. One that fits earlier without delaying others passes them.
 * @param state is changed
 * @param now ms; not later than the provider's clock
 */
export function tryAcquire(state: RateLimitState, request: AcquireRequest, now: number): AcquireResult {
  pruneState(state, now)
  const charges = chargesOf(state, request)
  const own = state.waiters.findIndex(({ key }) => key === request.key)
  const ahead = own < 0 ? state.waiters : state.waiters.slice(0, own)
  const capacity = earliestCapacity(state, charges, request, ahead, now)
  if (capacity.at > now) return { granted: false, retryAt: reserve(state, request.key, own, charges, capacity), rule: capacity.limitedBy }
  if (own >= 0) state.waiters.splice(own, 1)
  if (state.quota) state.quota.remaining -= request.calls
  return { granted: true, permit: { route: request.route, charges: charges.map(charge => grant(state, charge, request, now)) } }
}

/**
 * Reserves capacity from a time on.
 * @param own the index of the caller's reservation; negative when it has none
 * @returns when the caller returns
 */
function reserve({ waiters }: RateLimitState, key: string, own: number, charges: Charge[], { at, limitedBy }: Capacity): number {
  // A request that waits only for calls in flight gets no reservation: it takes milliseconds.
  if (limitedBy?.windowMs === 0) return at
  const reservation = { key, at, weights: Object.fromEntries(charges.map(({ window, weight }) => [window, weight])) }
  if (own >= 0) waiters[own] = reservation
  else if (waiters.length < MAX_RESERVATIONS) waiters.push(reservation)
  else return Math.max(at, waiters.at(-1)!.at)
  return at
}

/** Counts a charge as in flight. */
function grant(state: RateLimitState, charge: Charge, { maxDurationMs, process }: AcquireRequest, now: number): GrantedCharge {
  const { window, kind, windowMs, weight } = charge
  const latestEnd = now + (kind === UNKNOWN ? MAX_UNKNOWN_MS : maxDurationMs)
  return { window, kind, windowMs, weight, until: addInFlight(windowOf(state, window, windowMs), latestEnd, weight, process) }
}

/**
 * Counts the calls of a permit as answered, and applies what the answers said.
 * @param state is changed
 * @param answeredAt ms; not earlier than the provider's clock
 */
export function release(state: RateLimitState, { charges, route }: Permit, feedback: RateLimitFeedback[], answeredAt: number): void {
  const refunded = new Set(feedback.flatMap(({ refunds = [] }) => refunds))
  for (const { window: name, kind, windowMs, weight, until } of charges) {
    const window = windowOf(state, name, windowMs)
    if (removeInFlight(window, until) && !refunded.has(kind)) addAnswered(window, answeredAt, weight)
  }
  for (const one of feedback) applyFeedback(state, one, route, answeredAt)
}

/**
 * Counts the calls of a process that died or left as answered: none is in flight any more.
 * @param state is changed
 * @param endedAt ms
 */
export function releaseProcess(state: RateLimitState, process: string, endedAt: number): void {
  for (const window of Object.values(state.windows)) answerCallsOf(window, process, endedAt)
}
