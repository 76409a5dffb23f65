import type { Quota } from '../lib/rate-limits/feedback'
import { pruneWindow, type Window } from './windows'

/** Capacity set aside, from a time on, for a caller that exceeded the limit. */
export interface Reservation {
  /** The key of the caller's request. */
  key: string
  caller?: string
  /** Whether the caller has made calls of its attempt already. */
  begun?: true
  at: number
  /** Weight by the name of the window. */
  weights: Record<string, number>
}

/** What is known about the limit of a route; without a bucket it has none of its own. */
export interface KnownRoute { bucket: string | null, limit: number, windowMs: number, until: number }

/** All that is known about the rate limits of a credential, as it is stored. */
export interface RateLimitState {
  /** What counts against each rule, by the name of its window. */
  windows: Record<string, Window>
  /** Callers that wait: those that have begun before the others, and then first come, first served. */
  waiters: Reservation[]
  /** Until when the provider accepts no calls; `*` is the whole service. */
  blockedUntil: Record<string, number>
  quota: Quota | null
  routes: Record<string, KnownRoute>
}

/** The state of a rate limiter that nobody has used yet. */
export const emptyState = (): RateLimitState => ({ windows: {}, waiters: [], blockedUntil: {}, quota: null, routes: {} })

/** A caller that does not return so long after its time loses its place among those that wait. */
const PLACE_KEPT_MS = 10_000
/** A caller that waits inside its step returns within this time. Later its reservation holds no room any more. */
const ROOM_KEPT_MS = 250

/** Whether a reservation still holds room: an overdue one keeps only its place. */
export const holdsRoom = ({ at }: Reservation, now: number): boolean => at + ROOM_KEPT_MS > now

/** The window of that name and length; made when there is none. */
export function windowOf(state: RateLimitState, name: string, ms: number): Window {
  const window = state.windows[name] ??= { ms, used: [], inFlight: [] }
  window.ms = ms
  return window
}

/** Removes everything that is over. */
export function pruneState(state: RateLimitState, now: number): void {
  for (const window of Object.values(state.windows)) pruneWindow(window, now)
  state.windows = filterValues(state.windows, ({ used, inFlight }) => used.length + inFlight.length > 0)
  state.blockedUntil = filterValues(state.blockedUntil, until => until > now)
  state.routes = filterValues(state.routes, ({ until }) => until > now)
  state.waiters = state.waiters.filter(({ at }) => at + PLACE_KEPT_MS > now)
  if (state.quota && state.quota.resetsAt <= now) state.quota = null
}

const filterValues = <T>(record: Record<string, T>, keep: (value: T) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => keep(value)))
