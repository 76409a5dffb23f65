/**
 * What counts in one window. Both lists hold `[moment, weight]`, one that is out also whose it is: a call that was answered counts
 * until a window's length after its answer, and one that is out until it is answered, at the
 * latest until the moment at which it must have ended. The provider counts a call somewhere
 * between its draw and its answer, so whatever it holds against us counts here too.
 */
export interface Window { ms: number, used: [number, number][], open: [until: number, weight: number, process?: string][] }

/** Something that counts from a moment to another. */
export interface Span { from: number, to: number, weight: number }

export const sum = (entries: readonly (readonly [number, number, ...unknown[]])[]) => entries.reduce((all, [, weight]) => all + weight, 0)

/** Counts weight until a moment. Moments a little apart share one entry, and the later holds. */
export function addUntil(entries: [number, number][], timestamptz: number, weight: number, grain: number): void {
  const until = Math.ceil(timestamptz / grain) * grain
  const same = entries.find(([at]) => at === until)
  if (same) same[1] += weight
  else entries.push([until, weight])
}

/** Takes out the entry of that moment; false when it is not there any more. */
export function takeOut(entries: Window['open'], timestamptz: number): boolean {
  const index = entries.findIndex(([at]) => at === timestamptz)
  if (index >= 0) entries.splice(index, 1)
  return index >= 0
}

/** Counts the calls that a process had out as answered, as nobody will ever hear how they ended. */
export function endCallsOf(window: Window, process: string, answeredAt: number): void {
  const ended = window.open.filter(([, , whose]) => whose === process)
  if (window.ms) for (const [, weight] of ended) addUntil(window.used, answeredAt + window.ms, weight, grainOf(window.ms))
  window.open = window.open.filter(([, , whose]) => whose !== process)
}

/** A five-hundredth of the window: so much later than need be a call leaves it at most. */
export const grainOf = (ms: number) => Math.max(10, Math.ceil(ms / 500))

/** Lets go what has left the window. A call whose end was never heard of counts as answered at the last moment. */
export function tidy(window: Window, now: number): void {
  for (const [until, weight] of window.open.filter(([until]) => until <= now))
    if (window.ms) addUntil(window.used, until + window.ms, weight, grainOf(window.ms))
  window.open = window.open.filter(([until]) => until > now)
  window.used = window.used.filter(([until]) => until > now)
}

/**
 * The first moment, not before `from`, from which on `weight` more fits for `lasts` ms beside the spans.
 * What does not fit at all fits when nothing else is there.
 */
export function earliest(spans: Span[], { limit, weight, lasts, from }: { limit: number, weight: number, lasts: number, from: number }): number {
  const room = Math.max(0, limit - weight)
  const changes = spans.filter(({ to }) => to > from)
    .flatMap(({ from: begins, to, weight }) => [{ at: Math.max(begins, from), by: weight }, { at: to, by: -weight }])
    .sort((a, b) => a.at - b.at || a.by - b.by)
  let taken = 0
  let since: number | undefined = from
  for (const [index, { at, by }] of changes.entries()) {
    if (since !== undefined && at >= since + lasts) return since
    taken += by
    // Changes of one moment are one: what leaves makes room for what comes.
    if (changes[index + 1]?.at === at) continue
    if (taken > room) since = undefined
    else since ??= at
  }
  return since ?? from
}
