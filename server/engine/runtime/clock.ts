/** What one look at the database's clock costs in precision per millisecond that passes: a clock that NTP corrects drifts less. */
const MAX_DRIFT = 0.0005
/** A correction below this does not let time go back. */
const MAX_HELD_MS = 1_000

/** The clocks of this process. */
export interface LocalClocks {
  /** The wall clock, which may jump. */
  wall: () => number
  /** The monotonic clock, which never jumps. */
  monotonic: () => number
}

/**
 * The database's clock, as this process knows it. It goes on by the process's monotonic clock, so that a jump of the
 * wall clock does not matter. The database reads its clock while a statement is out, so each statement gives two
 * bounds; the tightest of all statements count.
 */
export class FollowedClock {
  readonly #local: LocalClocks
  /** Bounds of the database's time minus the monotonic time. */
  #offset: { min: number, max: number, at: number } | undefined
  #latest = 0

  constructor(local: LocalClocks) {
    this.#local = local
  }

  /** The monotonic time, in ms. A caller notes it before it asks the database. */
  monotonic(): number {
    return this.#local.monotonic()
  }

  /**
   * Takes over the time that a statement has just returned.
   * @param databaseTime in ms
   * @param sentAt when the statement was sent, in monotonic ms
   */
  observe(databaseTime: number, sentAt: number): void {
    const at = this.#local.monotonic()
    const seen = { min: databaseTime - at, max: databaseTime - sentAt, at }
    const known = this.#offset
    if (!known) {
      this.#offset = seen
      return
    }
    const drift = (at - known.at) * MAX_DRIFT
    const both = { min: Math.max(known.min - drift, seen.min), max: Math.min(known.max + drift, seen.max), at }
    // The bounds exclude each other: the database's clock was set.
    this.#offset = both.min <= both.max ? both : seen
  }

  /** The database's time in ms; the wall clock's before the first answer of the database. */
  now(): number {
    if (!this.#offset) return this.#local.wall()
    const now = this.#local.monotonic() + (this.#offset.min + this.#offset.max) / 2
    this.#latest = now < this.#latest && now > this.#latest - MAX_HELD_MS ? this.#latest : now
    return Math.floor(this.#latest)
  }

  /** How many ms the wall clock is ahead of the database's; undefined before the first answer of the database. */
  skewMs(): number | undefined {
    return this.#offset && Math.round(this.#local.wall() - this.now())
  }
}
