/** The most recently used entries of a map, by number and by the size that `sizeOf` gives them. */
export class RecentlyUsed<T> {
  readonly #entries = new Map<string, T>()
  readonly #most: number
  readonly #largest: number
  readonly #sizeOf: (value: T) => number

  constructor(most: number, largest: number, sizeOf: (value: T) => number) {
    this.#most = most
    this.#largest = largest
    this.#sizeOf = sizeOf
  }

  get(key: string): T | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  /** Remembers a value, unless it is too large to be worth it. */
  set(key: string, value: T): void {
    if (this.#sizeOf(value) > this.#largest) return
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#most) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
