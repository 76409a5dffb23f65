/** What the watchdog can have to do, in the words of `/health`. */
const KINDS = {
  started: 'lost starts made good',
  abandoned: 'runs ended that the runtime gave up',
  cancelled: 'cancelled runs ended in the runtime',
  reopened: 'half-ended steps reopened',
  resumed: 'waiting runs resumed',
  stalled: 'stalled runs asked for again',
  buried: 'dead processes buried',
}

export type Act = keyof typeof KINDS

const counts = new Map<Act, number>()

/** Counts acts of the watchdog. */
export function countRepair(act: Act, times = 1): void {
  if (times) counts.set(act, (counts.get(act) ?? 0) + times)
}

/** How often the watchdog of this process has acted since it started, in words. */
export const describeRepairs = (): string => [...counts].map(([act, count]) => `${count} ${KINDS[act]}`).join(', ') || 'nothing to do'

let lastLook = performance.now()

/** The watchdog has finished a round. */
export function looked(): void {
  lastLook = performance.now()
}

/** Milliseconds since the watchdog could last look. */
export const unwatchedFor = () => performance.now() - lastLook
