import type { Budget } from './state'
import { nameOf, type Rule } from '../lib/rate-limits/rules'
import { sum, type Window } from './windows'

/** A rule with the window that counts for it. */
interface Counted { rule: Rule, window: Window }

/** What is to be done in a service: so many things in all, so many of them through the route that has the most. */
export interface Backlog { things: number, mostOfARoute: number }

/**
 * When a backlog will be done, and the rule that holds it up most; the calls themselves take no time here.
 * @returns no moment when nothing is known but that the provider asked to wait
 */
export function forecast(budget: Budget, rules: Rule[], backlog: Backlog, now: number): { rule?: Rule, doneAt?: number } {
  const from = Math.max(now, budget.closed['*'] ?? 0, budget.quota && budget.quota.left <= 0 ? budget.quota.resetsAt : 0)
  const content = rules.filter(({ kind }) => kind === 'content').map(rule => ({ rule, window: budget.windows[nameOf(rule)] ?? { ms: rule.ms, used: [], open: [] } }))
  const [rule] = [...content.map(one => ({ rule: one.rule, at: doneAt([one], backlog.things, from) })), ...bucketsOf(budget).map(one => ({ rule: one.rule, at: doneAt([one], backlog.mostOfARoute, from) }))]
    .sort((a, b) => b.at - a.at)
  if (!rule) return {}
  return { rule: rule.rule, doneAt: Math.max(rule.at, content.length ? doneAt(content, backlog.things, from) : 0) }
}

/** The buckets that calls which make something have used lately. */
function bucketsOf({ routes, windows }: Budget): Counted[] {
  return Object.entries(routes).filter(([name, { bucket }]) => name.startsWith('POST ') && bucket !== null).flatMap(([, { bucket, limit, ms }]) =>
    Object.entries(windows).filter(([name]) => name.startsWith(`${bucket} `)).map(([, window]) => ({ rule: { kind: 'bucket', limit, ms }, window })))
}

/** Gives out what is free, moment by moment, until all have their turn. */
function doneAt(counted: Counted[], things: number, from: number): number {
  const all = counted.map(({ rule, window: { used, open } }) => ({
    ...rule,
    taken: [...used, ...open.map(([, weight]): [number, number] => [from + rule.ms, weight])],
  }))
  let left = things
  for (let at = from; ;) {
    for (const one of all) one.taken = one.taken.filter(([until]) => until > at)
    const now = Math.min(left, ...all.map(({ limit, taken }) => Math.max(0, limit - sum(taken))))
    left -= now
    if (left <= 0) return at
    for (const { ms, taken } of all) if (now) taken.push([at + ms, now])
    const full = all.filter(({ limit, taken }) => sum(taken) >= limit)
    at = Math.max(...full.map(({ taken, ms }) => Math.min(at + ms, ...taken.map(([until]) => until))))
  }
}
