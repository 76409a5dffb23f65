import type { Route } from '../lib/rate-limits/cost'
import type { Bucket, Quota, RateLimitFeedback } from '../lib/rate-limits/feedback'
import { routeKey } from './capacity'
import { type RateLimitState, windowOf } from './state'
import { addUsed, totalWeight } from './windows'

/** For so long the bucket of a route is taken as known after an answer. */
const ROUTE_KNOWN_MS = 24 * 3_600_000
/** What others have used of a bucket counts until the bucket's reset, rounded to this. */
const BUCKET_GRANULARITY_MS = 10

/** Applies what a provider's answer says about its limits. */
export function applyFeedback(
  state: RateLimitState,
  { bucket, block, quota }: RateLimitFeedback,
  route: Route | undefined,
  answeredAt: number,
): void {
  if (route && bucket !== undefined) learnBucket(state, route, bucket, answeredAt)
  if (block) applyBlock(state, block, route, answeredAt)
  if (quota) applyQuota(state, quota)
}

function applyBlock(
  { blockedUntil, routes }: RateLimitState,
  { ms, scope }: NonNullable<RateLimitFeedback['block']>,
  route: Route | undefined,
  answeredAt: number,
): void {
  const name = scope === 'all' || !route ? '*' : routeKey(route, routes[route.name]?.bucket)
  blockedUntil[name] = Math.max(blockedUntil[name] ?? 0, answeredAt + ms)
}

/** Takes over a quota that is lower than the known one: others use it too, and some of our own calls may not be counted yet. */
function applyQuota(state: RateLimitState, { remaining, resetsAt }: Quota): void {
  const inFlight = totalWeight(Object.values(state.windows).filter(({ ms }) => ms === 0).flatMap(window => window.inFlight))
  const known = state.quota?.resetsAt === resetsAt ? state.quota.remaining : Infinity
  if (remaining < known) state.quota = { resetsAt, remaining: remaining === 0 ? 0 : remaining - inFlight }
}

/** Learns the bucket of a route. What others have used of it counts until its reset. */
function learnBucket(state: RateLimitState, route: Route, bucket: Bucket | null, answeredAt: number): void {
  const until = answeredAt + ROUTE_KNOWN_MS
  if (!bucket) {
    state.routes[route.name] ??= { bucket: null, limit: 0, windowMs: 0, until }
    return
  }
  const known = state.routes[route.name]
  // An answer tells only the time to the reset: the longest one seen is the window's length.
  const windowMs = Math.ceil(Math.max(bucket.resetsInMs, known?.bucket === bucket.id ? known.windowMs : 0))
  state.routes[route.name] = { bucket: bucket.id, limit: bucket.limit, windowMs, until }
  const window = windowOf(state, routeKey(route, bucket.id), windowMs)
  const usedByOthers = bucket.limit - bucket.remaining - totalWeight(window.used) - totalWeight(window.inFlight)
  if (usedByOthers > 0) addUsed(window.used, answeredAt + bucket.resetsInMs, usedByOthers, BUCKET_GRANULARITY_MS)
}
