import type { Route } from '../lib/rate-limits/cost'
import { type Rule, windowNameOf } from '../lib/rate-limits/rules'
import { holdsRoom, type RateLimitState, type Reservation } from './state'
import { earliestFit, type Span, totalWeight } from './windows'

/** A request for capacity: for one call, or for several together. */
export interface AcquireRequest {
  /** Who asks. A caller that returns with the same key keeps its reservation. */
  key: string
  /** Whose requests belong together: an attempt and those that repeat it. */
  caller?: string
  /** Whether nobody but a person who looks waits for it: it takes what runs leave, and holds up none of them. */
  isLook?: boolean
  /** What the attempt has taken already, by the kind of rule. An attempt that is repeated needs it again. */
  spent?: Record<string, number>
  /** For how long the caller waits inside its attempt. After a longer wait it begins the attempt again. */
  maxWaitMs?: number
  /** The process that calls. When it dies, its calls end with it. */
  process?: string
  rules: Rule[]
  /** Weight by the kind of rule. */
  weights: Record<string, number>
  /** The number of calls, for the provider's own count of what remains. */
  calls: number
  /** Milliseconds after which the calls have ended for certain. */
  maxDurationMs: number
  /** The route, where only the provider's answers tell its limit. */
  route?: Route
}

/** What a request takes of one rule. */
export interface Charge extends Rule { window: string, weight: number }

/** When there is capacity for a request, and the charge that it waits for. */
export interface Capacity { at: number, limitedBy?: Charge }

/** The kind of rule under which one call goes ahead on a route that nobody knows. */
export const UNKNOWN = 'unknown'

/** A request that waits only for calls in flight asks again after this time. */
const IN_FLIGHT_POLL_MS = 100

/** Looks take no more than this share of a rule: runs would wait for what they used up. */
const LOOKS_SHARE = 0.5

/** The limit of a charge as it applies to a request. */
const limitFor = ({ isLook }: AcquireRequest, { limit, weight, kind }: Charge): number =>
  isLook && kind !== UNKNOWN ? Math.max(Math.floor(limit * LOOKS_SHARE), weight) : limit

/** The name of the window and of the block of a route. */
export const routeKey = ({ name, majorParameter }: Route, bucket?: string | null) => `${bucket ?? name} ${majorParameter}`

/** The rules that apply to a request, with what it takes of each. */
export function chargesOf(state: RateLimitState, { rules, weights, route }: AcquireRequest): Charge[] {
  const charges = rules.filter(({ kind }) => weights[kind])
    .map(rule => ({ ...rule, window: windowNameOf(rule), weight: weights[rule.kind]! }))
  if (!route) return charges
  const known = state.routes[route.name]
  // One call goes ahead on a route that nobody knows, and its answer tells the limit.
  if (!known) return [...charges, { kind: UNKNOWN, limit: 1, windowMs: 0, window: routeKey(route), weight: 1 }]
  const { bucket, limit, windowMs } = known
  return bucket === null ? charges : [...charges, { kind: 'bucket', limit, windowMs, window: routeKey(route, bucket), weight: 1 }]
}

/**
 * The earliest time at which every charge has room, beside what counts already and the reservations of others.
 * @param ahead the reservations that come before this request
 */
export function earliestCapacity(
  state: RateLimitState,
  charges: Charge[],
  request: AcquireRequest,
  ahead: Reservation[],
  now: number,
): Capacity {
  const limitOf = (charge: Charge) => limitFor(request, charge)
  const spans = new Map(charges.map(charge => [charge, spansOf(state, charge, ahead, now)]))
  let at = unblockedAt(state, charges, request, now)
  let limitedBy: Charge | undefined
  // A later time for one charge may not suit another: repeat until it suits all.
  for (let moved = true; moved;) {
    moved = false
    for (const charge of charges) {
      const next = charge.windowMs
        ? earliestFit(spans.get(charge)!, { limit: limitOf(charge), weight: charge.weight, durationMs: charge.windowMs, from: at })
        : earliestSlot(state, { ...charge, limit: limitOf(charge) }, at, now)
      if (next <= at) continue
      at = next
      limitedBy = charge
      moved = true
    }
  }
  return { at, limitedBy }
}

/** When neither a block nor the quota holds the request back. */
function unblockedAt({ blockedUntil, quota }: RateLimitState, charges: Charge[], { calls, route }: AcquireRequest, now: number): number {
  const names = ['*', ...charges.map(({ window }) => window), ...route ? [routeKey(route)] : []]
  const at = Math.max(now, ...names.map(name => blockedUntil[name] ?? 0))
  return quota && quota.remaining < calls ? Math.max(at, quota.resetsAt) : at
}

/** When a call may be in flight beside the others: nobody knows when they end, so it asks again soon. */
function earliestSlot({ windows }: RateLimitState, { window, limit, weight }: Charge, from: number, now: number): number {
  const isFull = totalWeight(windows[window]?.inFlight ?? []) + weight > Math.max(limit, weight)
  return isFull ? Math.max(from, now + IN_FLIGHT_POLL_MS) : from
}

/** Everything that counts in a window. Calls in flight are expected to be answered about now. */
function spansOf({ windows }: RateLimitState, { window, windowMs }: Charge, ahead: Reservation[], now: number): Span[] {
  const { used = [], inFlight = [] } = windows[window] ?? {}
  const reserved = ahead.filter(reservation => reservation.weights[window] && holdsRoom(reservation, now))
  return [
    ...used.map(([to, weight]) => ({ from: now, to, weight })),
    ...inFlight.map(([, weight]) => ({ from: now, to: now + windowMs, weight })),
    ...reserved.map(({ at, weights }) => ({ from: Math.max(at, now), to: Math.max(at, now) + windowMs, weight: weights[window]! })),
  ]
}
