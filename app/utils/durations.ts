const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * How long something took, `< 0.1 s`, `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
 * @param ms milliseconds; a negative duration, which clocks that differ can cause, counts as zero
 * @param inSeconds leaves tenths out, for a clock that ticks every second
 */
export function formatDuration(ms: number, { inSeconds = false } = {}): string {
  if (ms > 0 && ms < SECOND / 10 && !inSeconds) return '< 0.1 s'
  if (ms < 10 * SECOND && !inSeconds) return `${(Math.max(0, ms) / SECOND).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(Math.max(0, ms) / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${String(Math.floor(ms % MINUTE / SECOND)).padStart(2, '0')} s`
  return `${Math.floor(ms / HOUR)} h ${String(Math.floor(ms % HOUR / MINUTE)).padStart(2, '0')} min`
}

/** How long ago something happened, `just now`, `4 min ago`, `3 days ago`; after a month its date. Both in ms. */
export function formatAgo(at: number, now: number): string {
  const ms = now - at
  if (ms < 45 * SECOND) return 'just now'
  if (ms < HOUR) return `${Math.max(1, Math.floor(ms / MINUTE))} min ago`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`
  if (ms < 30 * DAY) return plural(Math.floor(ms / DAY), 'day') + ' ago'
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** A date and time in full. */
export const formatTimestamp = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** The time of day to the minute, with the date unless it is today. */
export function formatTime(iso: string): string {
  const at = new Date(iso)
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  if (at.toDateString() === new Date().toDateString()) return time
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`
}

/** `1 group`, `4 groups`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
