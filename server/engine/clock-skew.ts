import { log } from '../lib/log'
import { clockSkewMs } from './runtime/process-clock'

/** A clock that NTP keeps is off by milliseconds. */
const MAX_SKEW_MS = 1_000

let isWarned = false

/** Whether the wall clock is so far from the database's that a person should correct it. */
export const isSkewed = (skewMs: number): boolean => Math.abs(skewMs) > MAX_SKEW_MS

/** How far the wall clock is from the database's, in words. */
export function describeSkew(skewMs: number): string {
  const distance = Math.abs(skewMs) < 1_000 ? `${Math.abs(skewMs)} ms` : `${(Math.abs(skewMs) / 1_000).toFixed(1)} s`
  return `${distance} ${skewMs < 0 ? 'behind' : 'ahead of'} the database's`
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
