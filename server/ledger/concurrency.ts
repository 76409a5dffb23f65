import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Outcome } from './attempt'

/** As many outside calls as GitHub takes at once from one token, less some for the others. */
const MOST_AT_ONCE = 60

/**
 * Works on many items side by side, each at its own pace, and gathers what became of them.
 * They share one step of the runtime: what makes each durable is its row and the ledger, and a
 * runtime step costs more than all of an item's calls.
 */
export async function runConcurrently<T>(things: T[], work: (thing: T, index: number) => Promise<Outcome<unknown>[]>): Promise<Outcome<unknown>[]> {
  const limit = pLimit(MOST_AT_ONCE)
  const outcomes = await workGroup.run(new WorkGroup(), () => Promise.allSettled(things.map((thing, index) => limit(() => work(thing, index)))))
  // Thrown is only that the database was away, or that nothing can be done. The others are let to the end, so that none goes on behind the step's back.
  const broken = outcomes.find(outcome => outcome.status === 'rejected')
  if (broken) throw broken.reason
  return outcomes.flatMap(outcome => outcome.status === 'fulfilled' ? outcome.value : [])
}

/** Milliseconds; the database's clock, which says what is due, may be behind ours. */
const SHORTEST_WAIT = 100

/**
 * Attempts of one step that are made side by side. While any of them is at work the step cannot
 * end, so what is due in the meantime need not wait for it: one slow call holds up nobody else.
 */
class WorkGroup {
  #atWork = 0
  #atRest = new AbortController()

  async work<T>(work: () => Promise<T>): Promise<T> {
    this.#atWork++
    try {
      return await work()
    }
    finally {
      this.#atWork--
      // A turn later: what goes on from here has begun by then.
      setImmediate(() => this.#restIfIdle())
    }
  }

  /** Waits for that moment; false when nobody is at work any more before it comes. */
  async othersWorkUntil(at: Date): Promise<boolean> {
    return sleep(Math.max(at.getTime() - Date.now(), SHORTEST_WAIT), true, { signal: this.#atRest.signal }).catch(() => false)
  }

  #restIfIdle(): void {
    if (this.#atWork) return
    this.#atRest.abort()
    this.#atRest = new AbortController()
  }
}

/** An async context, as the attempts of a thing are made deep within its work. */
const workGroup = new AsyncLocalStorage<WorkGroup>()

/** Makes an attempt; one that is put off is made again when it is due, as long as others beside it are at work anyway. */
export async function withinWorkGroup<T>(attempt: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const others = workGroup.getStore()
  if (!others) return attempt()
  for (;;) {
    const outcome = await others.work(attempt)
    if (outcome.state !== 'later' || !await others.othersWorkUntil(outcome.at)) return outcome
  }
}
