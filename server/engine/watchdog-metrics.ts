import { metrics } from '../lib/metrics'

/** What the watchdog repairs, in the words of `/health`. */
const REPAIRS = {
  started: 'lost starts repeated',
  orphaned: 'orphaned runs ended',
  cancelled: 'cancelled runs ended in the runtime',
  reopened: 'half-ended steps reopened',
  resumed: 'waiting runs resumed',
  stalled: 'stalled runs enqueued again',
  reaped: 'dead processes reaped',
}

export type Repair = keyof typeof REPAIRS

const counts = new Map<Repair, number>()

/** Counts repairs of the watchdog. */
export function countRepair(repair: Repair, times = 1): void {
  if (!times) return
  counts.set(repair, (counts.get(repair) ?? 0) + times)
  metrics().repairs.inc({ repair }, times)
}

/** How often the watchdog of this process has repaired something since it started, in words. */
export const describeRepairs = (): string =>
  [...counts].map(([repair, count]) => `${count} ${REPAIRS[repair]}`).join(', ') || 'nothing to repair'

let lastSweep = performance.now()

/** Records that the watchdog has finished a sweep. */
export function noteSweep(): void {
  lastSweep = performance.now()
}

/** Milliseconds since the last finished sweep. */
export const sinceLastSweep = (): number => performance.now() - lastSweep
