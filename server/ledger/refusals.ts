import type { NewAction } from './queries/actions'

/** Entries a minute of what one key was refused, and of all strangers together; further ones are counted. */
const MAX_OF_KEY = 60
const MAX_OF_STRANGERS = 100
/** Strangers of one address. */
const MAX_OF_ADDRESS = 5
/** Different things that are counted in a minute; then all addresses count as one. */
const MAX_COUNTERS = 200
const MANY_ADDRESSES = 'many'

/**
 * Bounds what is written about refused requests and about strangers: within a minute the first ones get entries of
 * their own, all others are counted. A flood of guesses leaves some hundred entries a minute, and no guess is lost.
 */
export class RefusalCounter {
  private readonly written = new Map<string, number>()
  private counted = new Map<string, NewAction>()

  /** Whether an entry may be written as it is. If not, it was counted. */
  admits(entry: NewAction, isStranger: boolean): boolean {
    const budgets: [source: string, most: number][] = isStranger
      ? [['strangers', MAX_OF_STRANGERS], [`address ${entry.address}`, MAX_OF_ADDRESS]]
      : [[`key ${entry.actor}`, MAX_OF_KEY]]
    const isWithin = budgets.every(([source, most]) => (this.written.get(source) ?? 0) < most)
    if (isWithin) for (const [source] of budgets) this.written.set(source, (this.written.get(source) ?? 0) + 1)
    else this.count(entry)
    return isWithin
  }

  /** Ends the minute. @returns an entry for each kind that was counted */
  takeCounted(): NewAction[] {
    const entries = [...this.counted.values()]
    this.counted = new Map()
    this.written.clear()
    return entries
  }

  private count(entry: NewAction): void {
    const add = (address: string) => {
      const key = JSON.stringify([entry.actor, address, entry.action, entry.status, entry.code])
      const known = this.counted.get(key)
      if (!known && address !== MANY_ADDRESSES && this.counted.size >= MAX_COUNTERS) return add(MANY_ADDRESSES)
      this.counted.set(key, {
        ...entry, address, entryId: known?.entryId ?? entry.entryId, count: (known?.count ?? 0) + 1,
        // It stands for several requests.
        requestId: null, sessionId: null, subjectType: null, subjectId: null,
      })
    }
    add(entry.address)
  }
}
