/** Weight that counts until a time. A state holds many of them, so they are stored as tuples. */
export type UsedEntry = [until: number, weight: number]

/** The weight of a call in flight. It counts until the call must have ended; the process tells whose call it is. */
export type InFlightEntry = [until: number, weight: number, process?: string]

/**
 * What counts in one window. A call counts from its permit until a window's length after its answer.
 * The provider counts it somewhere in between, so whatever the provider counts, counts here too.
 */
export interface Window {
  /** The length of the window; 0: only calls in flight count. */
  ms: number
  /** Answered calls. */
  used: UsedEntry[]
  /** Calls that are not answered yet. */
  inFlight: InFlightEntry[]
}

/** Weight that counts from one time to another. */
export interface Span { from: number, to: number, weight: number }

export const totalWeight = (entries: readonly (readonly [number, number, ...unknown[]])[]) =>
  entries.reduce((total, [, weight]) => total + weight, 0)

/** Entries share a time when they are closer than this. A call leaves its window late by at most a 500th of the window. */
const granularityOf = (windowMs: number) => Math.max(10, Math.ceil(windowMs / 500))

/** Counts weight as used until a time. Times that are close share one entry, at the later time. */
export function addUsed(used: UsedEntry[], until: number, weight: number, granularityMs: number): void {
  const rounded = Math.ceil(until / granularityMs) * granularityMs
  const same = used.find(([other]) => other === rounded)
  if (same) same[1] += weight
  else used.push([rounded, weight])
}

/** Counts weight as answered. A window of 0 ms counts calls in flight alone. */
export function addAnswered(window: Window, answeredAt: number, weight: number): void {
  if (window.ms) addUsed(window.used, answeredAt + window.ms, weight, granularityOf(window.ms))
}

/**
 * Counts a call as in flight until a time.
 * @returns the time under which the entry stands: every entry has its own, so that releasing it twice counts once
 */
export function addInFlight({ inFlight }: Window, until: number, weight: number, process?: string): number {
  let own = until
  while (inFlight.some(([other]) => other === own)) own += 0.01
  inFlight.push(process === undefined ? [own, weight] : [own, weight, process])
  return own
}

/** Removes the call in flight under that time; false when it is gone already. */
export function removeInFlight({ inFlight }: Window, until: number): boolean {
  const index = inFlight.findIndex(([other]) => other === until)
  if (index >= 0) inFlight.splice(index, 1)
  return index >= 0
}

/** Counts all calls of a process as answered: nobody will learn how they ended. */
export function answerCallsOf(window: Window, process: string, answeredAt: number): void {
  const isOwn = ([, , owner]: InFlightEntry) => owner === process
  for (const [, weight] of window.inFlight.filter(isOwn)) addAnswered(window, answeredAt, weight)
  window.inFlight = window.inFlight.filter(entry => !isOwn(entry))
}

/** Removes what no longer counts. A call whose answer was never reported counts as answered at the last possible time. */
export function pruneWindow(window: Window, now: number): void {
  for (const [until, weight] of window.inFlight) if (until <= now) addAnswered(window, until, weight)
  window.inFlight = window.inFlight.filter(([until]) => until > now)
  window.used = window.used.filter(([until]) => until > now)
}

export interface Fit {
  limit: number
  weight: number
  /** For how long the weight must fit. */
  durationMs: number
  from: number
}

/**
 * The earliest time, not before `from`, at which more weight fits beside the spans for the whole duration.
 * Weight above the limit fits when nothing else is there.
 */
export function earliestFit(spans: Span[], { limit, weight, durationMs, from }: Fit): number {
  const room = Math.max(0, limit - weight)
  const changes = spans.filter(({ to }) => to > from)
    .flatMap(span => [{ at: Math.max(span.from, from), by: span.weight }, { at: span.to, by: -span.weight }])
    .sort((a, b) => a.at - b.at || a.by - b.by)
  let taken = 0
  let since: number | undefined = from
  for (const [index, { at, by }] of changes.entries()) {
    if (since !== undefined && at >= since + durationMs) return since
    taken += by
    // Changes at the same time count together: what leaves makes room for what comes.
    if (changes[index + 1]?.at === at) continue
    if (taken > room) since = undefined
    else since ??= at
  }
  return since ?? from
}
