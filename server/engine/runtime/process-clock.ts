import { FollowedClock } from './clock'

interface ProcessClock { clock: FollowedClock, isKnown: Promise<undefined>, markKnown: () => void }

// In development, steps are bundled apart from the server: so the process, not the module, has the clock.
const shared = globalThis as typeof globalThis & { __atelierClock?: ProcessClock }

function processClock(): ProcessClock {
  return shared.__atelierClock ??= createProcessClock()
}

function createProcessClock(): ProcessClock {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const clock = new FollowedClock({ wall: Date.now.bind(Date), monotonic: () => performance.now() })
  return { clock, isKnown: promise, markKnown: () => resolve(undefined) }
}

/**
 * Takes over the database's time that a statement has just returned.
 * @param sentAt `performance.now()` when the statement was sent
 */
export function observeDatabaseTime(databaseTime: number, sentAt: number): void {
  const { clock, markKnown } = processClock()
  clock.observe(databaseTime, sentAt)
  markKnown()
}

/** How many ms this process's wall clock is ahead of the database's; undefined while that is unknown. */
export const clockSkewMs = (): number | undefined => processClock().clock.skewMs()

/** Resolves when the database's clock is known. */
export const databaseClockKnown = (): Promise<undefined> => processClock().isKnown

/**
 * Has `Date` follow the database's clock in this process. The runtime and its job queue read `Date` wherever two
 * processes must agree: for ids of runs, for the time of a job or a retry, for the end of a wait or a step. None of
 * them takes another clock. Timers and durations use the monotonic clock, and stay as they are.
 * @returns restores `Date`
 */
export function followDatabaseClock(): () => void {
  const { clock } = processClock()
  const RealDate = Date
  const realNow = RealDate.now
  const FollowingDate = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length ? args : [clock.now()], newTarget) as Date,
    apply: () => new RealDate(clock.now()).toString(),
  })
  RealDate.now = () => clock.now()
  RealDate.prototype.constructor = FollowingDate
  globalThis.Date = FollowingDate
  return () => {
    globalThis.Date = RealDate
    RealDate.prototype.constructor = RealDate
    RealDate.now = realNow
  }
}
