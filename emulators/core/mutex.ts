/** Runs tasks of one key one after the other, and tasks of different keys concurrently. */
export class Mutex {
  readonly #tails = new Map<string, Promise<unknown>>()

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const previous = this.#tails.get(key) ?? Promise.resolve()
    const current = previous.then(work, work)
    const settled = current.catch(() => undefined)
    this.#tails.set(key, settled)
    try {
      return await current
    }
    finally {
      if (this.#tails.get(key) === settled) this.#tails.delete(key)
    }
  }
}
