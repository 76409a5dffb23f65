import { AsyncLocalStorage } from 'node:async_hooks'
import type { RateLimitCost } from './cost'
import type { RateLimitFeedback } from './feedback'

/** Returns the capacity once the calls are answered, with what the answers said. */
export type Release = (feedback: RateLimitFeedback[]) => void

/**
 * Acquires capacity for calls before they are made.
 * @throws ProviderError RATE_LIMITED when there is none soon; no call was made
 */
export type Acquire = (cost: RateLimitCost) => Promise<Release>

/** The rate limiter for the calls made within. The ledger sets it around its work; without one, calls are not limited. */
export const limiterContext = new AsyncLocalStorage<Acquire>()

/** Collects the feedback of calls whose capacity is already reserved. */
const reserved = new AsyncLocalStorage<RateLimitFeedback[]>()

/**
 * Makes a call once the rate limiter grants it, and reports what the answer said.
 * @param feedbackOf reads an answer or an error
 */
export async function rateLimited<T>(
  cost: RateLimitCost,
  feedbackOf: (outcome: unknown) => RateLimitFeedback,
  call: () => Promise<T>,
): Promise<T> {
  const reservation = reserved.getStore()
  const feedback = reservation ?? []
  const release = reservation ? undefined : await limiterContext.getStore()?.(cost)
  try {
    const answer = await call()
    feedback.push(feedbackOf(answer))
    return answer
  }
  catch (error) {
    feedback.push(feedbackOf(error))
    throw error
  }
  finally {
    release?.(feedback)
  }
}

/**
 * Reserves the capacity for several calls before the first of them, so that no rate limit interrupts them. Under a limit
 * that does not allow them together each call waits for itself.
 */
export async function withReservation<T>(cost: RateLimitCost, calls: () => Promise<T>): Promise<T> {
  if (cost.rules.some(({ kind, limit }) => (cost.weights[kind] ?? 0) > limit)) return calls()
  const release = await limiterContext.getStore()?.(cost)
  const feedback: RateLimitFeedback[] = []
  try {
    return await reserved.run(feedback, calls)
  }
  finally {
    release?.(feedback)
  }
}
