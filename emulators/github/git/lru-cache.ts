/** A cache of the most recently used values. It skips values larger than `maxSize`. */
export class LruCache<T> {
  readonly #entries = new Map<string, T>()
  readonly #maxEntries: number
  readonly #maxSize: number
  readonly #sizeOf: (value: T) => number

  constructor(maxEntries: number, maxSize: number, sizeOf: (value: T) => number) {
    this.#maxEntries = maxEntries
    this.#maxSize = maxSize
    this.#sizeOf = sizeOf
  }

  get(key: string): T | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: T): void {
    if (this.#sizeOf(value) > this.#maxSize) return
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#maxEntries) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
