/** Milliseconds that only ever grow. */
export const monotonic = () => performance.timeOrigin + performance.now()

/**
 * The database's clock, as seen from this process. Its exact time is unknown here, as a statement takes a while.
 * Its bounds are known: the database read its clock while the statement was out.
 */
export class DatabaseClock {
  #offset = { min: 0, max: 0 }

  /**
   * Takes over the time that a statement has just returned.
   * @param sentAt when the statement was sent, in monotonic ms
   */
  observe(databaseTime: number, sentAt: number): void {
    this.#offset = { min: databaseTime - monotonic(), max: databaseTime - sentAt }
  }

  /** The database's time is not earlier than this. */
  earliest(at: number): number {
    return at + this.#offset.min
  }

  /** The database's time is not later than this. */
  latest(at: number): number {
    return at + this.#offset.max
  }
}
