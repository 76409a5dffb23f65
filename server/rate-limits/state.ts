import { nameOf, type Rule } from '../lib/rate-limits/rules'
import { addUntil, earliest, endCallsOf, grainOf, type Span, sum, takeOut, tidy, type Window } from './windows'

/** What one call, or several in one go, draw from a budget. */
export interface Demand {
  /** Who asks. Whoever was told to come back later keeps its place by it. */
  key: string
  /** The process that calls; its calls can be ended with it. */
  process?: string
  rules: Rule[]
  /** Weight by the kind of rule. */
  weights: Record<string, number>
  /** Calls that it makes, for the provider's own count of what is left. */
  calls: number
  /** Milliseconds after which the calls have ended for certain. */
  lastsMs: number
  /** The route, where the provider limits each by rules that only its answers tell; `of` is the thing that it is about. */
  route?: { name: string, of: string }
}

/** What a provider has said in an answer. */
export interface News {
  /** Nothing more until so many ms after the answer; `route`: on this route only. */
  closedForMs?: { ms: number, scope: 'all' | 'route' }
  /** What is left until the provider's own reset, a moment in ms. */
  quota?: { left: number, resetsAt: number }
  /** The bucket of the route; null: it has none. */
  bucket?: { id: string, limit: number, left: number, resetsInMs: number } | null
  /** Kinds whose weight is given back. */
  returns?: string[]
}

interface Place { key: string, at: number, weights: Record<string, number> }
interface Route { bucket: string | null, limit: number, ms: number, until: number }

/** All that is known of what a credential may do, as it is stored. */
export interface Budget {
  windows: Record<string, Window>
  /** Who waits, first come first served, and from when on there is room for each. */
  places: Place[]
  /** What the provider has closed, and until when; `*` is everything. */
  closed: Record<string, number>
  quota: { left: number, resetsAt: number } | null
  routes: Record<string, Route>
}

export const emptyBudget = (): Budget => ({ windows: {}, places: [], closed: {}, quota: null, routes: {} })

/** Given for the calls; with it their answer is told. */
export interface Ticket { shares: { name: string, ms: number, weight: number, until: number, kind: string }[], route?: Demand['route'] }
export type Drawn = { state: 'go', ticket: Ticket } | { state: 'wait', at: number, rule?: Rule }

interface Share extends Rule { name: string, weight: number }

/** What waits for calls that are out asks again so soon. */
const SOON_MS = 100
/** Whoever does not come back so long after its moment has lost its place. */
const GRACE_MS = 10_000
/** More only know about when to come back. */
const MOST_PLACES = 500
/** A first call that is not answered by then holds nobody up any more. */
const UNKNOWN_MS = 1_000
const ROUTE_KNOWN_MS = 24 * 3_600_000

/**
 * Draws from the budget, or says when there is room. Room is given in the order in which it was
 * asked for, but for what fits before without delaying anybody.
 * @param budget is changed
 * @param now ms; not later than it is for the provider
 */
export function draw(budget: Budget, demand: Demand, now: number): Drawn {
  tidyAll(budget, now)
  const shares = sharesOf(budget, demand)
  const mine = budget.places.findIndex(({ key }) => key === demand.key)
  const ahead = mine < 0 ? budget.places : budget.places.slice(0, mine)
  const { at, share } = whenRoom(budget, shares, demand, ahead, now)
  if (at > now) {
    const place = { key: demand.key, at, weights: Object.fromEntries(shares.map(({ name, weight }) => [name, weight])) }
    // What waits only for calls that are out has no place: it is a matter of milliseconds.
    if (share?.ms === 0) return { state: 'wait', at, rule: share }
    if (mine >= 0) budget.places[mine] = place
    else if (budget.places.length < MOST_PLACES) budget.places.push(place)
    else return { state: 'wait', at: Math.max(at, budget.places.at(-1)!.at), rule: share }
    return { state: 'wait', at, rule: share }
  }
  if (mine >= 0) budget.places.splice(mine, 1)
  if (budget.quota) budget.quota.left -= demand.calls
  return {
    state: 'go',
    ticket: {
      route: demand.route,
      shares: shares.map(({ name, kind, ms, weight }) => ({ name, kind, ms, weight, until: put(windowOf(budget, name, ms).open, now + (kind === 'unknown' ? UNKNOWN_MS : demand.lastsMs), weight, demand.process) })),
    },
  }
}

/**
 * Takes in that the calls were answered, and what the answers said.
 * @param answeredAt ms; not earlier than it was for the provider
 */
export function settle(budget: Budget, { shares, route }: Ticket, news: News[], answeredAt: number): void {
  const returned = new Set(news.flatMap(({ returns = [] }) => returns))
  for (const { name, kind, ms, weight, until } of shares) {
    const window = windowOf(budget, name, ms)
    if (takeOut(window.open, until) && ms && !returned.has(kind)) addUntil(window.used, answeredAt + ms, weight, grainOf(ms))
  }
  for (const one of news) hear(budget, one, route, answeredAt)
}

/**
 * Takes in that a process has died, or left: what it had out was answered, if at all, by then.
 * @param endedAt ms
 */
export function endProcess(budget: Budget, process: string, endedAt: number): void {
  for (const window of Object.values(budget.windows)) endCallsOf(window, process, endedAt)
}

function hear(budget: Budget, { bucket, closedForMs: closed, quota }: News, route: Demand['route'], answeredAt: number): void {
  if (route && bucket !== undefined) learn(budget, route, bucket, answeredAt)
  const known = route && budget.routes[route.name]
  if (closed) {
    const name = closed.scope === 'all' || !route ? '*' : `${known?.bucket ?? route.name} ${route.of}`
    budget.closed[name] = Math.max(budget.closed[name] ?? 0, answeredAt + closed.ms)
  }
  if (!quota) return
  const out = sum(Object.values(budget.windows).filter(({ ms }) => ms === 0).flatMap(({ open }) => open))
  const before = budget.quota?.resetsAt === quota.resetsAt ? budget.quota.left : Infinity
  // Less than we know of: others use it too, and of our own calls some may not be counted yet.
  if (quota.left < before) budget.quota = { resetsAt: quota.resetsAt, left: quota.left === 0 ? 0 : quota.left - out }
}

/** Learns the bucket of a route; what others have used of it counts until its reset. */
function learn(budget: Budget, { name, of }: NonNullable<Demand['route']>, bucket: NonNullable<News['bucket']> | null, answeredAt: number): void {
  const until = answeredAt + ROUTE_KNOWN_MS
  if (!bucket) {
    budget.routes[name] ??= { bucket: null, limit: 0, ms: 0, until }
    return
  }
  const known = budget.routes[name]
  const ms = Math.ceil(Math.max(bucket.resetsInMs, known?.bucket === bucket.id ? known.ms : 0))
  budget.routes[name] = { bucket: bucket.id, limit: bucket.limit, ms, until }
  const window = windowOf(budget, `${bucket.id} ${of}`, ms)
  const unknown = bucket.limit - bucket.left - sum(window.used) - sum(window.open)
  if (unknown > 0) addUntil(window.used, answeredAt + bucket.resetsInMs, unknown, 10)
}

/** An entry of its own, so that what is settled twice counts once. */
function put(open: Window['open'], until: number, weight: number, process: string | undefined): number {
  while (open.some(([other]) => other === until)) until += 0.01
  open.push(process === undefined ? [until, weight] : [until, weight, process])
  return until
}

function windowOf(budget: Budget, name: string, ms: number): Window {
  const window = budget.windows[name] ??= { ms, used: [], open: [] }
  window.ms = ms
  return window
}

/** The rules that hold for a demand, with what it takes of each. */
function sharesOf(budget: Budget, { rules, weights, route }: Demand): Share[] {
  const shares = rules.filter(({ kind }) => weights[kind]).map(rule => ({ ...rule, name: nameOf(rule), weight: weights[rule.kind]! }))
  if (!route) return shares
  const known = budget.routes[route.name]
  // Of a route that nobody knows one call goes ahead, and its answer tells.
  if (!known) return [...shares, { kind: 'unknown', limit: 1, ms: 0, name: `${route.name} ${route.of}`, weight: 1 }]
  return known.bucket === null ? shares : [...shares, { kind: 'bucket', limit: known.limit, ms: known.ms, name: `${known.bucket} ${route.of}`, weight: 1 }]
}

/** The first moment at which everything has room, and the rule that it waits for. */
function whenRoom(budget: Budget, shares: Share[], { calls, route }: Demand, ahead: Place[], now: number): { at: number, share?: Share } {
  const names = ['*', ...shares.map(({ name }) => name), ...route ? [`${route.name} ${route.of}`] : []]
  let at = Math.max(now, ...names.map(name => budget.closed[name] ?? 0))
  if (budget.quota && budget.quota.left < calls) at = Math.max(at, budget.quota.resetsAt)
  const spans = new Map(shares.map(share => [share, spansOf(budget, share, ahead, now)]))
  let by: Share | undefined
  for (let moved = true; moved;) {
    moved = false
    for (const [share, others] of spans) {
      const next = share.ms
        ? earliest(others, { limit: share.limit, weight: share.weight, lasts: share.ms, from: at })
        : sum(budget.windows[share.name]?.open ?? []) + share.weight > Math.max(share.limit, share.weight) ? Math.max(at, now + SOON_MS) : at
      if (next <= at) continue
      at = next
      by = share
      moved = true
    }
  }
  return { at, share: by }
}

/** Everything that counts in a window: calls that are out are expected to be answered about now. */
function spansOf(budget: Budget, { name, ms }: Share, ahead: Place[], now: number): Span[] {
  const { used = [], open = [] } = budget.windows[name] ?? {}
  return [
    ...used.map(([to, weight]) => ({ from: now, to, weight })),
    ...open.map(([, weight]) => ({ from: now, to: now + ms, weight })),
    ...ahead.filter(({ weights }) => weights[name]).map(({ at, weights }) => ({ from: Math.max(at, now), to: Math.max(at, now) + ms, weight: weights[name]! })),
  ]
}

function tidyAll(budget: Budget, now: number): void {
  for (const window of Object.values(budget.windows)) tidy(window, now)
  budget.windows = only(budget.windows, ({ used, open }) => used.length + open.length > 0)
  budget.closed = only(budget.closed, until => until > now)
  budget.routes = only(budget.routes, ({ until }) => until > now)
  budget.places = budget.places.filter(({ at }) => at + GRACE_MS > now)
  if (budget.quota && budget.quota.resetsAt <= now) budget.quota = null
}

const only = <T>(all: Record<string, T>, keep: (one: T) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([, one]) => keep(one)))
