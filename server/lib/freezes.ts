/** No turn of the event loop takes so long, unless the process was frozen or starved. */
const FROZEN_MS = 2_000
const TICK_MS = 500

/**
 * Notices when this process did not run for a while. The monotonic clock shows a stopped process, the wall clock
 * also a suspended machine. A wall clock that was set forward counts as a freeze: that costs one question to the database.
 */
class FreezeWatch {
  #seen = { monotonic: performance.now(), wall: Date.now() }
  #thawedAt = -Infinity

  constructor() {
    setInterval(() => this.lastThaw(), TICK_MS).unref()
  }

  lastThaw(): number {
    const now = { monotonic: performance.now(), wall: Date.now() }
    const gap = Math.max(now.monotonic - this.#seen.monotonic, now.wall - this.#seen.wall)
    this.#seen = now
    if (gap > TICK_MS + FROZEN_MS) this.#thawedAt = now.monotonic
    return this.#thawedAt
  }
}

const watch = new FreezeWatch()

/** When this process last continued after a freeze, by `performance.now()`; -Infinity when it never froze. */
export const lastThaw = (): number => watch.lastThaw()
