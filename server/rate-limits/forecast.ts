import { type Rule, windowNameOf } from '../lib/rate-limits/rules'
import type { RateLimitState } from './state'
import { totalWeight, type UsedEntry, type Window } from './windows'

/** A rule with the window that counts for it. */
interface CountedRule { rule: Rule, window: Window }

/** What remains to be created in a service: in total, and through the route that has the most. */
export interface Backlog { total: number, maxPerRoute: number }

/** The rule that delays a backlog most, and when the backlog will be done. */
export interface Forecast { rule?: Rule, doneAt?: number }

/**
 * When a backlog will be done. The calls themselves take no time here.
 * @returns no time when only a block or the quota is known
 */
export function forecast(state: RateLimitState, rules: Rule[], backlog: Backlog, now: number): Forecast {
  const from = unblockedAt(state, now)
  const content = contentRulesOf(state, rules)
  const [slowest] = [
    ...content.map(counted => ({ rule: counted.rule, at: doneAt([counted], backlog.total, from) })),
    ...bucketRulesOf(state).map(counted => ({ rule: counted.rule, at: doneAt([counted], backlog.maxPerRoute, from) })),
  ].sort((a, b) => b.at - a.at)
  if (!slowest) return {}
  return { rule: slowest.rule, doneAt: Math.max(slowest.at, content.length ? doneAt(content, backlog.total, from) : 0) }
}

function unblockedAt({ blockedUntil, quota }: RateLimitState, now: number): number {
  return Math.max(now, blockedUntil['*'] ?? 0, quota && quota.remaining <= 0 ? quota.resetsAt : 0)
}

const contentRulesOf = ({ windows }: RateLimitState, rules: Rule[]): CountedRule[] =>
  rules.filter(({ kind }) => kind === 'content')
    .map(rule => ({ rule, window: windows[windowNameOf(rule)] ?? { ms: rule.windowMs, used: [], inFlight: [] } }))

/** The buckets that calls which create something have used lately. */
const bucketRulesOf = ({ routes, windows }: RateLimitState): CountedRule[] =>
  Object.entries(routes)
    .filter(([name, { bucket }]) => name.startsWith('POST ') && bucket !== null)
    .flatMap(([, { bucket, limit, windowMs }]) => Object.entries(windows)
      .filter(([name]) => name.startsWith(`${bucket} `))
      .map(([, window]) => ({ rule: { kind: 'bucket', limit, windowMs }, window })))

/** Plays the future: takes all room that every rule has, then goes to the next time at which there is more. */
function doneAt(countedRules: CountedRule[], total: number, from: number): number {
  const simulated = countedRules.map(({ rule: { limit, windowMs }, window: { used, inFlight } }) => ({
    limit,
    windowMs,
    taken: [...used, ...inFlight.map(([, weight]): UsedEntry => [from + windowMs, weight])],
  }))
  let remaining = total
  for (let at = from; ;) {
    for (const rule of simulated) rule.taken = rule.taken.filter(([until]) => until > at)
    const count = Math.min(remaining, ...simulated.map(({ limit, taken }) => Math.max(0, limit - totalWeight(taken))))
    remaining -= count
    if (remaining <= 0) return at
    if (count) for (const { windowMs, taken } of simulated) taken.push([at + windowMs, count])
    const full = simulated.filter(({ limit, taken }) => totalWeight(taken) >= limit)
    at = Math.max(...full.map(({ taken, windowMs }) => Math.min(at + windowMs, ...taken.map(([until]) => until))))
  }
}
