import type { Route } from '../lib/rate-limits/cost'
import type { RateLimitFeedback } from '../lib/rate-limits/feedback'
import type { Rule } from '../lib/rate-limits/rules'
import { type AcquireRequest, type Capacity, type Charge, chargesOf, earliestCapacity, UNKNOWN } from './capacity'
import { applyFeedback } from './feedback'
import { pruneState, type RateLimitState, type Reservation, windowOf } from './state'
import { addAnswered, addInFlight, answerCallsOf, removeInFlight } from './windows'

/** A charge whose calls may be in flight; `until` names its entry in the window. */
type GrantedCharge = Pick<Charge, 'window' | 'kind' | 'windowMs' | 'weight'> & { until: number }

/** The permission to make the calls of one request. It is released with their answers. */
export interface Permit { charges: GrantedCharge[], route?: Route }

/**
 * A permit, or the time at which the caller returns and the rule that it waits for. `mustStay`: the limit is too tight
 * for the calls of one attempt, so that an attempt which begins again would never get further.
 */
export type AcquireResult = { granted: true, permit: Permit } | { granted: false, retryAt: number, rule?: Rule, mustStay?: true }

/** Further waiters get no reservation: they only learn when to return. As many again may wait once they have begun. */
const MAX_RESERVATIONS = 500
/** An attempt that must stay waits for a window or two, and not for a provider that accepts no calls for hours. */
const MAX_STAY_WINDOWS = 2
/** A first call on an unknown route holds nobody up for longer, even without an answer. */
const MAX_UNKNOWN_MS = 1_000
/** A caller that is granted a call asks for its next one within this time, most likely. */
const NEXT_CALL_MS = 1_000

/**
 * Grants a request, or reserves capacity for it and tells when to return. A caller that has begun goes before those
 * that have not: what it has spent would be lost. Within each of the two, requests are served in the order in which
 * they came. One that fits earlier without delaying others passes them.
 * @param state is changed
 * @param now ms; not later than the provider's clock
 */
export function tryAcquire(state: RateLimitState, request: AcquireRequest, now: number): AcquireResult {
  pruneState(state, now)
  const charges = chargesOf(state, request)
  const place = placeOf(state, request)
  const capacity = earliestCapacity(state, charges, request, place.ahead, now)
  if (capacity.at > now) return wait(state, request, charges, place, capacity, now)
  state.waiters = state.waiters.filter(({ key }) => key !== request.key)
  for (const own of state.waiters.filter(waiter => isOf(waiter, request))) own.at = Math.max(own.at, now + NEXT_CALL_MS)
  if (state.quota) state.quota.remaining -= request.calls
  return { granted: true, permit: { route: request.route, charges: charges.map(charge => grant(state, charge, request, now)) } }
}

/** Where a request stands among the waiters: its index, whether its caller has begun, and who comes before it. */
interface Place { index: number, begun: boolean, ahead: Reservation[] }

const isOf = (waiter: Reservation, { caller }: AcquireRequest) => caller !== undefined && waiter.caller === caller

/**
 * The place of a request: its own reservation's, or that of the caller's next call, which it needs before that. A
 * caller's own reservations hold no room against it: they were made for the same calls.
 */
function placeOf({ waiters }: RateLimitState, request: AcquireRequest): Place {
  if (request.isLook) return { index: waiters.length, begun: false, ahead: waiters }
  const own = waiters.filter(waiter => waiter.key === request.key || isOf(waiter, request))
  const begun = request.spent !== undefined || own.some(waiter => waiter.begun)
  const firstOwn = own.length ? waiters.indexOf(own[0]!) : waiters.length
  const index = begun ? Math.min(firstOwn, waiters.filter(waiter => waiter.begun).length) : firstOwn
  return { index, begun, ahead: waiters.slice(0, index) }
}

function wait(
  state: RateLimitState, request: AcquireRequest, charges: Charge[], { index, begun, ahead }: Place, capacity: Capacity, now: number,
): AcquireResult {
  const { key, caller, spent = {}, maxWaitMs = Infinity } = request
  const { at, limitedBy: rule } = capacity
  // A request that waits only for calls in flight gets no reservation: it takes milliseconds. A look gets none either: it
  // would hold room that runs need.
  if (rule?.windowMs === 0 || request.isLook) return { granted: false, retryAt: at, rule }
  // A wait that ends the attempt ends when there is capacity for all its calls up to this one.
  const again = charges.map(charge => ({ ...charge, weight: charge.weight + (spent[charge.kind] ?? 0) }))
  const mustStay = again.some(({ limit, weight, windowMs, kind }) =>
    spent[kind] && weight > limit && at - now <= MAX_STAY_WINDOWS * windowMs)
  const repeats = at - now > maxWaitMs && !mustStay
  const needed = repeats ? again : charges
  const retryAt = repeats ? Math.max(at, earliestCapacity(state, again, request, ahead, now).at) : at
  const weights = Object.fromEntries(needed.map(({ window, weight }) => [window, weight]))
  const reservation: Reservation = { key, ...caller !== undefined && { caller }, ...begun && { begun }, at: retryAt, weights }
  const isKnown = state.waiters.some(waiter => waiter.key === key)
  if (!isKnown && state.waiters.length >= (begun ? 2 : 1) * MAX_RESERVATIONS)
    return { granted: false, retryAt: Math.max(retryAt, state.waiters.at(-1)!.at), rule }
  state.waiters = [...ahead, reservation, ...state.waiters.slice(index).filter(waiter => waiter.key !== key)]
  return { granted: false, retryAt, rule, ...mustStay && { mustStay } }
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
