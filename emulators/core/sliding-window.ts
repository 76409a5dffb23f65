/** Counts events of the last `ms` milliseconds. */
export class SlidingWindow {
  readonly #ms: number
  #events: { at: number, weight: number }[] = []
  /** Events before this index have left the window. */
  #first = 0
  #total = 0

  constructor(ms: number) {
    this.#ms = ms
  }

  /** Sum of the weights within the window. */
  sum(now = Date.now()): number {
    const start = now - this.#ms
    for (let event = this.#events[this.#first]; event !== undefined && event.at <= start; event = this.#events[this.#first]) {
      this.#total -= event.weight
      this.#first++
    }
    if (this.#first > 1000) {
      this.#events = this.#events.slice(this.#first)
      this.#first = 0
    }
    return this.#total
  }

  add(weight = 1, now = Date.now()): void {
    this.#events.push({ at: now, weight })
    this.#total += weight
  }

  /** Milliseconds until another event of `weight` fits below `limit`; 0 when it fits now. */
  msUntil(limit: number, weight = 1, now = Date.now()): number {
    let over = this.sum(now) + weight - limit
    if (over <= 0) return 0
    for (const event of this.#events.slice(this.#first)) {
      over -= event.weight
      if (over <= 0) return event.at + this.#ms - now
    }
    return this.#ms
  }
}
