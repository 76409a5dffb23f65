import { log } from '../lib/log'
import { clockSkewMs } from './runtime/process-clock'

/** A clock that NTP keeps is off by milliseconds. */
const MAX_SKEW_MS = 1_000

let isWarned = false

/** Whether the wall clock is so far from the database's that a person should correct it. */
export const isSkewed = (skewMs: number): boolean => Math.abs(skewMs) > MAX_SKEW_MS

/** How far the wall clock is from the database's, in words. */
export function describeSkew(skewMs: number): string {
  return `${duration(Math.abs(skewMs))} ${skewMs < 0 ? 'behind' : 'ahead of'} the database's`
}

function duration(ms: number): string {
  const seconds = ms / 1_000
  if (seconds < 1) return `${ms} ms`
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  return seconds < 7_000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`
}

/** Warns when the wall clock is far from the database's: once, until it is right again. */
export function warnOfSkew(): void {
  const skewMs = clockSkewMs()
  if (skewMs === undefined) return
  if (isSkewed(skewMs) && !isWarned) {
    log.warn({ skewMs }, `The clock of this machine is ${describeSkew(skewMs)}. Synchronise both with NTP. Runs use the database's.`)
  }
  isWarned = isSkewed(skewMs)
}
