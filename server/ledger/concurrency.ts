import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Outcome } from './outcome'

/** As many concurrent outside calls as GitHub allows one token, less some for other work. */
const MAX_CONCURRENT = 60

/**
 * Works on many parts concurrently, each at its own pace, and collects their outcomes.
 * They share one step of the runtime: their rows and the ledger make each durable, and a
 * step of the runtime costs more than all calls of a part.
 */
export async function runConcurrently<T>(
  parts: T[], work: (part: T, index: number) => Promise<Outcome<unknown>[]>,
): Promise<Outcome<unknown>[]> {
  const limit = pLimit(MAX_CONCURRENT)
  const outcomes = await workGroup.run(new WorkGroup(), () =>
    Promise.allSettled(parts.map((part, index) => limit(() => work(part, index)))))
  // Work throws only when the database was away, or when a retry cannot help. The other parts end first, so that none outlives the step.
  const broken = outcomes.find(outcome => outcome.status === 'rejected')
  if (broken) throw broken.reason
  return outcomes.flatMap(outcome => outcome.status === 'fulfilled' ? outcome.value : [])
}

/** Keeps an attempt that is due at once, or nearly, from asking the database without a pause. */
const MIN_WAIT_MS = 100

/**
 * Concurrent attempts of one step. The step cannot end while any of them works, so an attempt that becomes due in
 * the meantime is repeated at once: one slow call delays no other part.
 */
class WorkGroup {
  #active = 0
  #idle = new AbortController()

  async work<T>(work: () => Promise<T>): Promise<T> {
    this.#active++
    try {
      return await work()
    }
    finally {
      this.#active--
      // One turn of the event loop later the part has started its next attempt, if it has one.
      setImmediate(() => this.#abortIfIdle())
    }
  }

  /** Waits for that time; false when no part works any more before it comes. */
  async othersWorkUntil(at: number): Promise<boolean> {
    return sleep(Math.max(at - performance.now(), MIN_WAIT_MS), true, { signal: this.#idle.signal }).catch(() => false)
  }

  #abortIfIdle(): void {
    if (this.#active) return
    this.#idle.abort()
    this.#idle = new AbortController()
  }
}

/** An async context, as attempts are made deep within the work on a part. */
const workGroup = new AsyncLocalStorage<WorkGroup>()

/** Makes an attempt, and repeats a postponed one when it is due, as long as other parts of the group still work. */
export async function withinWorkGroup<T>(attempt: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const group = workGroup.getStore()
  if (!group) return attempt()
  for (;;) {
    const outcome = await group.work(attempt)
    if (outcome.state !== 'later' || !await group.othersWorkUntil(outcome.at)) return outcome
  }
}
